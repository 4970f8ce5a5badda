package io.assay.engine.tokenizer;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A program that loads a tokenizer and prints its ids of a text and every address that anything in
 * the process wanted to reach through a URL connection, which all ask the proxy selector first.
 */
final class OfflineProbe {
  private OfflineProbe() {}

  public static void main(String[] arguments) throws Exception {
    List<URI> asked = new CopyOnWriteArrayList<>();
    ProxySelector.setDefault(
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            asked.add(uri);
            return List.of(Proxy.NO_PROXY);
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException e) {
            asked.add(uri);
          }
        });
    try (Tokenizer tokenizer = Tokenizer.open(Path.of(arguments[0]))) {
      System.out.println("ids " + Arrays.toString(tokenizer.encode("Hello")));
    }
    System.out.println("asked " + asked);
    // The control: without it an empty list could mean that the recorder is deaf.
    URI closed = URI.create("http://127.0.0.1:9/");
    try {
      closed.toURL().openConnection().connect();
    } catch (IOException refused) {
      System.out.println("control " + asked.contains(closed));
    }
  }
}
