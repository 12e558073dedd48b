package dev.holdfast.importers;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.OutcomeUnknownException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend whose storage fails for good after some number of writes. Closing it leaves the real one open. */
final class FailingBackend {
    private static final Set<String> WRITES = Set.of("create", "append", "openSegment", "putBlobs", "saveDerived");

    private FailingBackend() {}

    static Backend after(Backend real, int writes) {
        return wrap(Backend.class, real, new AtomicInteger(writes));
    }

    private static <T> T wrap(Class<T> type, T real, AtomicInteger left) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals("close") && type == Backend.class) {
                return null;
            }
            if (WRITES.contains(method.getName()) && left.getAndDecrement() <= 0) {
                throw method.getName().equals("append")
                        ? new OutcomeUnknownException("failed on purpose", null)
                        : new HoldfastException(ErrorCode.STORAGE, "failed on purpose");
            }
            Object result = call(real, method, arguments);
            return result instanceof Log log ? wrap(Log.class, log, left) : result;
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Object real, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
