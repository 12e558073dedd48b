package dev.holdfast.tck;

import dev.holdfast.log.LogId;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Presence;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Backends that do nothing, or all but one thing. */
final class Hollow {
    private Hollow() {}

    /** Does nothing and returns empty things. */
    static <T> T hollow(Class<T> type) {
        return proxy(type, (proxy, method, arguments) -> nothing(method, arguments));
    }

    /** Does what the original does, except for one method, here and in what its methods return. */
    static <T> T without(T original, Class<T> type, Method omitted) {
        return proxy(type, (proxy, method, arguments) -> {
            if (method.equals(omitted)) {
                return nothing(method, arguments);
            }
            Object result;
            try {
                result = method.invoke(original, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            return result == null || !isSeam(method.getReturnType()) ? result : wrap(result, method, omitted);
        });
    }

    @SuppressWarnings("unchecked")
    private static <R> Object wrap(Object result, Method method, Method omitted) {
        return without((R) result, (Class<R>) method.getReturnType(), omitted);
    }

    private static boolean isSeam(Class<?> type) {
        return type.isInterface() && type.getPackage().equals(Backend.class.getPackage()) && !type.isSealed();
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(Hollow.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object nothing(Method method, Object[] arguments) {
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "hashCode" -> 1;
                case "equals" -> false;
                default -> "hollow";
            };
        }
        Class<?> type = method.getReturnType();
        if (type == boolean.class) {
            return false;
        } else if (type == List.class) {
            return List.of();
        } else if (type == Presence.class) {
            return Presence.FREE;
        } else if (type == byte[].class && !method.getName().equals("derived")) {
            return new byte[0];
        }
        return isSeam(type) ? hollow(type) : null;
    }

    /** A fixture of one backend, and of others for other processes. */
    record Fixture(Set<Trait> traits, Backend backend, Supplier<Backend> others) implements BackendFixture {
        @Override
        public Backend create() {
            return backend;
        }

        @Override
        public Backend open() {
            return others.get();
        }

        @Override
        public Backend reopen() {
            return others.get();
        }

        @Override
        public void driveAndDie(LogId id) {
            // Nothing drives.
        }

        @Override
        public void damage(LogId id, int segment, long index) {
            // Nothing is there.
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
