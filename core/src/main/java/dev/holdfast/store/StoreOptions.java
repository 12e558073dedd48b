package dev.holdfast.store;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.random.RandomGenerator;

/**
 * How a store is opened. Immutable; each with-method returns a changed copy.
 *
 * @param program the program's name, kept in each segment's first record
 * @param version the program's version, kept there too
 * @param clock the clock for record times and new ids
 * @param random the source of new ids; thread-safe
 * @param unsafeFileSystem whether to write on file systems where appends are not atomic (NFS, SMB, 9p, FUSE)
 */
public record StoreOptions(
        String program, String version, Clock clock, RandomGenerator random, boolean unsafeFileSystem) {
    /**
     * The usual options: the system's clock and random numbers.
     *
     * @return the options
     */
    public static StoreOptions usual() {
        String version = StoreOptions.class.getPackage().getImplementationVersion();
        return new StoreOptions(
                "holdfast", version == null ? "dev" : version, Clock.systemUTC(), new SecureRandom(), false);
    }

    /**
     * Names the program that writes.
     *
     * @param name its name
     * @param number its version
     * @return a changed copy
     */
    public StoreOptions program(String name, String number) {
        return new StoreOptions(name, number, clock, random, unsafeFileSystem);
    }

    /**
     * Changes the clock.
     *
     * @param value the clock
     * @return a changed copy
     */
    public StoreOptions clock(Clock value) {
        return new StoreOptions(program, version, value, random, unsafeFileSystem);
    }

    /**
     * Changes the source of new ids.
     *
     * @param value a thread-safe generator
     * @return a changed copy
     */
    public StoreOptions random(RandomGenerator value) {
        return new StoreOptions(program, version, clock, value, unsafeFileSystem);
    }

    /**
     * Allows file systems where appends are not atomic.
     *
     * @param value whether to allow them
     * @return a changed copy
     */
    public StoreOptions unsafeFileSystem(boolean value) {
        return new StoreOptions(program, version, clock, random, value);
    }
}
