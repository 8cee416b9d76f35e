package io.wgnetty.node;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals by which daemons are asked to do something: SIGHUP to read their configuration again,
 * SIGUSR2 to give their work to a newer program.
 *
 * <p>The class of the JDK that hears signals is part of its unsupported interface, which the
 * compiler warns of; hence by reflection.
 */
final class RequestSignal {
  private static final Logger LOG = LoggerFactory.getLogger(RequestSignal.class);

  private RequestSignal() {}

  /**
   * From now on the signal of this name (HUP) does this, on a thread of its own, instead of ending
   * the process.
   */
  @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself alone
  static void does(String name, Runnable work) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler calls =
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "handle" -> {
                  work.run();
                  yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> "SIG" + name;
              };
      Object own =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, calls);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), own);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      LOG.warn("SIG{} does nothing: {}", name, e.toString());
    }
  }
}
