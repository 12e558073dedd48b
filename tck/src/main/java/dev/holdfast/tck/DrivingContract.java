package dev.holdfast.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.spi.Backend;
import dev.holdfast.spi.DrivenByOtherException;
import dev.holdfast.spi.Holder;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Presence;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Who drives: one at a time, and who that is. */
abstract class DrivingContract extends BackendSuite {
    DrivingContract(Supplier<BackendFixture> fixtures) {
        super(fixtures);
    }

    private static Presence.Kind presence(Backend backend) {
        return backend.presence(ID).kind();
    }

    @Test
    void oneDrivesAtATimeAndOthersAreToldWho() {
        create(ID);
        assertThat(presence(backend)).isEqualTo(Presence.Kind.FREE);
        try (Lease lease = backend.drive(ID)) {
            assertThat(lease).isNotNull();
            assertThat(presence(backend)).isEqualTo(Presence.Kind.DRIVEN);
            assertThatThrownBy(() -> backend.drive(ID)).isInstanceOfSatisfying(DrivenByOtherException.class, e -> {
                Holder holder = Objects.requireNonNull(e.holder(), "the holder's word");
                assertThat(holder.pid()).isEqualTo(ProcessHandle.current().pid());
                assertThat(e.getMessage()).contains(ID.name());
            });
            Holder holder = Objects.requireNonNull(backend.presence(ID).holder(), "the holder's word");
            assertThat(holder.pid()).isEqualTo(ProcessHandle.current().pid());
        }
        assertThat(presence(backend)).isEqualTo(Presence.Kind.FREE);
    }

    @Test
    void whatWasGivenBackIsDrivenByTheNext() {
        create(ID);
        Lease first = backend.drive(ID);
        first.close();
        Lease second = backend.drive(ID);
        first.close();

        assertThat(presence(backend))
                .as("giving back twice takes nothing from the next")
                .isEqualTo(Presence.Kind.DRIVEN);
        assertThat(backend.presence(ID).holder()).as("nor their word").isNotNull();
        assertThatThrownBy(() -> backend.drive(ID)).isInstanceOf(DrivenByOtherException.class);
        second.close();
        assertThat(presence(backend)).isEqualTo(Presence.Kind.FREE);
    }

    @Test
    void otherProcessesAreKeptFromDriving() {
        create(ID);
        Backend other = another();
        Lease lease = backend.drive(ID);
        if (has(Trait.SHARED)) {
            assertThat(presence(other)).isEqualTo(Presence.Kind.DRIVEN);
            assertThatThrownBy(() -> other.drive(ID)).isInstanceOf(DrivenByOtherException.class);
            lease.close();
            other.drive(ID).close();
        } else {
            assertThat(presence(other)).isEqualTo(Presence.Kind.FREE);
            other.drive(ID).close();
            assertThat(presence(backend)).isEqualTo(Presence.Kind.DRIVEN);
            lease.close();
        }
        assertThat(presence(backend)).isEqualTo(Presence.Kind.FREE);
    }

    @Test
    void aDriverThatDiedIsNoticedAndSucceeded() {
        create(ID);
        fixture.driveAndDie(ID);

        assertThat(presence(backend)).isEqualTo(has(Trait.SHARED) ? Presence.Kind.ABANDONED : Presence.Kind.FREE);
        try (Lease lease = backend.drive(ID)) {
            assertThat(lease).isNotNull();
            assertThat(presence(backend)).isEqualTo(Presence.Kind.DRIVEN);
        }
        assertThat(presence(backend)).isEqualTo(Presence.Kind.FREE);
    }

    @Test
    void logsAreDrivenEachForItself() {
        create(ID);
        create(OTHER);
        try (Lease one = backend.drive(ID)) {
            assertThat(backend.presence(OTHER).kind()).isEqualTo(Presence.Kind.FREE);
            try (Lease two = backend.drive(OTHER)) {
                assertThat(one).isNotSameAs(two);
                assertThat(backend.presence(OTHER).kind()).isEqualTo(Presence.Kind.DRIVEN);
            }
            assertThat(presence(backend)).isEqualTo(Presence.Kind.DRIVEN);
        }
    }

    @Test
    void ofManyWhoWantToDriveOneDoes() {
        create(ID);
        Backend rival = rival();
        int threads = 8;
        CountDownLatch tried = new CountDownLatch(threads);
        List<Boolean> drove = Together.run(threads, thread -> {
            try (Lease lease = (thread % 2 == 0 ? backend : rival).drive(ID)) {
                tried.countDown();
                tried.await();
                return lease != null;
            } catch (DrivenByOtherException e) {
                tried.countDown();
                return false;
            }
        });
        assertThat(drove).containsOnlyOnce(true);
        assertThat(presence(backend)).isEqualTo(Presence.Kind.FREE);
    }

    @Test
    void appendingNeedsNoDriver() {
        create(ID);
        try (Lease lease = backend.drive(ID)) {
            assertThat(lease).isNotNull();
            append(rival().open(ID), note("by another"));
            append(backend.open(ID), note("by the driver"));
        }
        assertThat(texts(backend.open(ID), 1)).containsExactly("by another", "by the driver");
    }
}
