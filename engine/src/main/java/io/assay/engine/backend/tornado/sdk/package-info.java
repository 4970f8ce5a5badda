/**
 * TornadoVM as it is installed on a node: where its SDK is, what the JVM needs to use it, and
 * whether this JVM has that. Nothing here touches TornadoVM's classes, so all of it works without.
 */
package io.assay.engine.backend.tornado.sdk;
