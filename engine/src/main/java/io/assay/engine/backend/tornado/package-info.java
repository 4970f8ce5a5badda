/**
 * The backend for accelerators, by TornadoVM: {@code kernel} holds what runs on the device, this
 * package the graphs of it and their wiring, {@code sdk} what has to be installed.
 */
package io.assay.engine.backend.tornado;
