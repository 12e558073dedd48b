package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Event;
import dev.holdfast.event.Item;
import dev.holdfast.event.Json;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.session.RetryPolicy;
import dev.holdfast.session.WorkState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The items of a session that is driven here: handed out, ended, tried again. What each method records is durable when it
 * returns.
 *
 * <p>Thread-safe: workers that claim at the same time get different items, and share a force. Where each item stands is
 * read from the log once, when it is first asked for, and kept up from then on.
 */
public final class SessionItems {
    private static final int MAX_BATCH_CHARACTERS = 256 * 1024;

    private final SessionStore store;
    private final SessionLog log;
    private final ReentrantLock lock = new ReentrantLock();
    /** Held while items of a dead driver are taken back; taken before lock. */
    private final ReentrantLock recovery = new ReentrantLock();

    /** Guarded by lock. */
    private @Nullable ItemLedger ledger;

    /** Guarded by lock. */
    private @Nullable Lineage lineage;

    SessionItems(SessionStore store, SessionLog log) {
        this.store = store;
        this.log = log;
    }

    /**
     * Adds items.
     *
     * @param tasks the items, with ids that are new in this session
     * @throws HoldfastException CONFLICT if one is there already; nothing of its thousand was written
     */
    public void add(List<Item.Task> tasks) {
        List<Item.Task> batch = new ArrayList<>();
        int characters = 0;
        for (Item.Task task : tasks) {
            int length = task.payload().text().length();
            if (!batch.isEmpty() && (batch.size() == Item.MOST || characters + length > MAX_BATCH_CHARACTERS)) {
                append(new Item.Added(batch));
                batch = new ArrayList<>();
                characters = 0;
            }
            batch.add(task);
            characters += length;
        }
        if (!batch.isEmpty()) {
            append(new Item.Added(batch));
        }
    }

    /**
     * Hands out the next item that may be worked on, and records that an attempt began.
     *
     * @return the item, or empty if none is ready now; see {@link #nextReadyAt}
     */
    public Optional<WorkItem> claim() {
        return claim(1, null).stream().findFirst();
    }

    /**
     * Hands out several items with one force. Items that were running when their driver died are handed out again, or are
     * dead letters if they had all their attempts.
     *
     * @param most how many at most, 1 to 1,000
     * @param agentRun the agent's run that works on them, or null
     * @return the items, none if none is ready now
     */
    public List<WorkItem> claim(int most, @Nullable String agentRun) {
        if (most < 1 || most > Item.MOST) {
            throw HoldfastException.invalid("claim 1 to " + Item.MOST + " items, not " + most);
        }
        recover();
        List<ItemLedger.Row> rows;
        List<Event> events = new ArrayList<>();
        lock.lock();
        try {
            rows = ledger().next(most, store.now());
            for (ItemLedger.Row row : rows) {
                row.busy = true;
                events.add(new Item.Started(row.id, row.attempts + 1, agentRun));
            }
        } finally {
            lock.unlock();
        }
        if (rows.isEmpty()) {
            return List.of();
        }
        AppendResult.Appended appended;
        try {
            appended = (AppendResult.Appended) log.append(Append.of(events.toArray(Event[]::new)));
        } catch (RuntimeException | Error e) {
            inLock(() -> {
                rows.forEach(row -> row.busy = false);
                ledger().giveBack(rows);
                return rows;
            });
            throw e;
        }
        return inLock(() -> {
            List<WorkItem> claimed = new ArrayList<>();
            for (int k = 0; k < rows.size(); k++) {
                ItemLedger.Row row = rows.get(k);
                row.busy = false;
                ledger().apply((Item) events.get(k), place(appended, k), store.now(), false);
                claimed.add(withPayload(row));
            }
            return claimed;
        });
    }

    /**
     * Records that an item is done.
     *
     * @param id the item, running
     * @param result what came of it, or null
     */
    public void complete(String id, @Nullable Json result) {
        append(new Item.Completed(id, result));
    }

    /**
     * Records that an attempt failed. The session's retry policy decides whether the item is tried again, and when.
     *
     * @param id the item, running
     * @param error what went wrong
     * @return the item as it stands now: pending, or a dead letter
     */
    public WorkItem fail(String id, String error) {
        RetryPolicy policy = log.state().configuration().retryPolicy();
        long failed = inLock(() -> counted(row(id)));
        append(
                failed >= policy.maxAttempts()
                        ? new Item.Failed(id, error, null)
                        : new Item.Failed(
                                id, error, policy.delay(Math.max(1, failed)).toMillis()));
        return inLock(() -> row(id).toItem());
    }

    /**
     * Records that an attempt failed and that there is no use in another.
     *
     * @param id the item, running
     * @param error what went wrong
     */
    public void bury(String id, String error) {
        append(new Item.Failed(id, error, null));
    }

    /**
     * Has dead letters tried again, with all attempts that the policy gives.
     *
     * @param ids the items
     * @param reason why, may be empty
     */
    public void requeue(Collection<String> ids, String reason) {
        batches(ids, batch -> append(new Item.Requeued(batch, Item.From.DEAD, reason)));
    }

    /**
     * Gives dead letters or pending items up.
     *
     * @param ids the items
     * @param reason why, may be empty
     */
    public void drop(Collection<String> ids, String reason) {
        List<String> dead = new ArrayList<>();
        List<String> others = new ArrayList<>();
        inLock(() -> {
            ids.forEach(id -> (row(id).status == ItemStatus.DEAD ? dead : others).add(id));
            return ids;
        });
        batches(dead, batch -> append(new Item.Dropped(batch, Item.From.DEAD, reason)));
        batches(others, batch -> append(new Item.Dropped(batch, Item.From.PENDING, reason)));
    }

    /**
     * Has items that were running when their driver died worked on again. Their attempts count; who had all of them is a
     * dead letter. Done by the first {@link #claim} anyway.
     *
     * @return how many there were
     */
    public int recover() {
        if (inLock(() -> ledger().orphans().isEmpty())) {
            return 0;
        }
        recovery.lock();
        try {
            List<ItemLedger.Row> left = inLock(() -> List.copyOf(ledger().orphans()));
            String reason = "its driver ended while it ran";
            long most = log.state().configuration().retryPolicy().maxAttempts();
            List<Event> events = new ArrayList<>();
            List<String> again = new ArrayList<>();
            for (ItemLedger.Row row : left) {
                if (counted(row) >= most) {
                    events.add(new Item.Failed(row.id, reason, null));
                } else {
                    again.add(row.id);
                }
            }
            batches(again, batch -> events.add(new Item.Requeued(batch, Item.From.RUNNING, reason)));
            for (int k = 0; k < events.size(); k += Append.MAX_EVENTS) {
                append(Append.of(events.subList(k, Math.min(events.size(), k + Append.MAX_EVENTS))
                        .toArray(Event[]::new)));
            }
            return left.size();
        } finally {
            recovery.unlock();
        }
    }

    /**
     * Finds an item.
     *
     * @param id the item
     * @return the item, with its payload
     * @throws HoldfastException NOT_FOUND
     */
    public WorkItem find(String id) {
        return inLock(() -> withPayload(row(id)));
    }

    /**
     * Lists items in the order they were added.
     *
     * @param statuses where they stand; none for all
     * @return the items, long payloads not loaded
     */
    public List<WorkItem> list(ItemStatus... statuses) {
        return inLock(() -> list(ledger(), statuses));
    }

    static List<WorkItem> list(ItemLedger ledger, ItemStatus... statuses) {
        Set<ItemStatus> wanted =
                statuses.length == 0 ? EnumSet.allOf(ItemStatus.class) : EnumSet.copyOf(List.of(statuses));
        return ledger.rows().stream()
                .filter(row -> wanted.contains(row.status))
                .map(ItemLedger.Row::toItem)
                .toList();
    }

    /**
     * Says when the next item that waits for another attempt may be claimed.
     *
     * @return when, or empty if none waits
     */
    public Optional<Instant> nextReadyAt() {
        return inLock(() -> Optional.ofNullable(ledger().nextReadyAt()));
    }

    /**
     * Reads what came of the items that are done, in the order of their completion. Reads the records once.
     *
     * @param consumer gets each item and its result
     */
    public void results(BiConsumer<WorkItem, Json> consumer) {
        results(store.lineageOf(log.id()), consumer);
    }

    static void results(Lineage lineage, BiConsumer<WorkItem, Json> consumer) {
        ItemLedger now = ItemLedger.read(lineage);
        try (RecordReader reader = new RecordReader(lineage.path(), false, List.of(), lineage.blobs())) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                if (record.type().equals("item.completed")
                        && record.event(reader.blobs()) instanceof Item.Completed completed) {
                    ItemLedger.Row row = now.row(completed.id());
                    if (row != null && row.last.equals(record.position())) {
                        Json result = completed.result();
                        consumer.accept(row.toItem(), result == null ? Json.NULL : result);
                    }
                }
            }
        }
    }

    /** Appends what has events of items in it: judged by where each item stands, then by the state. */
    AppendResult append(Append append) {
        List<Item> items = new ArrayList<>();
        for (Entry entry : append.entries()) {
            if (entry.event() instanceof Item item) {
                items.add(item);
            }
        }
        String refusal = inLock(() -> {
                    String no = ledger().refusal(items);
                    if (no == null) {
                        ledger().busy(items, true);
                    }
                    return Optional.ofNullable(no);
                })
                .orElse(null);
        if (refusal != null) {
            return repeated(append, refusal);
        }
        AppendResult result = null;
        try {
            result = log.append(append);
            return result;
        } finally {
            AppendResult done = result;
            inLock(() -> {
                ledger().busy(items, false);
                if (done instanceof AppendResult.Appended appended) {
                    List<Entry> entries = append.entries();
                    for (int k = 0; k < entries.size(); k++) {
                        if (entries.get(k).event() instanceof Item item) {
                            ledger().apply(
                                            item,
                                            place(appended, k),
                                            SessionLog.time(entries.get(k), store.now()),
                                            false);
                        }
                    }
                }
                return items;
            });
        }
    }

    /** An append that was recorded before does not follow once more, and is no mistake if it has the same id. */
    private AppendResult repeated(Append append, String refusal) {
        if (append.id() != null) {
            Position never = new Position(log.id(), Integer.MAX_VALUE, Long.MAX_VALUE);
            AppendResult known = log.append(append.expecting(never));
            boolean byId = known instanceof AppendResult.Duplicate
                    || (known instanceof AppendResult.Conflict conflict
                            && !conflict.reason().contains(never.toString()));
            if (byId) {
                return known;
            }
        }
        throw new HoldfastException(ErrorCode.CONFLICT, refusal);
    }

    private void append(Item event) {
        append(Append.of(event));
    }

    /** Forgets where items stand: the session was turned back. */
    void forget() {
        lock.lock();
        try {
            ledger = null;
            lineage = null;
        } finally {
            lock.unlock();
        }
    }

    static boolean concerns(Append append) {
        return append.entries().stream().anyMatch(entry -> entry.event() instanceof Item);
    }

    private static long counted(ItemLedger.Row row) {
        return row.attempts - row.forgiven;
    }

    private static Position place(AppendResult.Appended appended, int k) {
        Position first = appended.first();
        return new Position(first.session(), first.segment(), first.index() + k);
    }

    private static void batches(Collection<String> ids, java.util.function.Consumer<List<String>> each) {
        List<String> all = List.copyOf(ids);
        for (int k = 0; k < all.size(); k += Item.MOST) {
            each.accept(all.subList(k, Math.min(all.size(), k + Item.MOST)));
        }
    }

    private <T> T inLock(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private ItemLedger ledger() {
        ItemLedger known = ledger;
        if (known == null) {
            known = ItemLedger.read(store.lineageOf(log.id()));
            requireWhole(known);
            known.noteOrphans();
            ledger = known;
        }
        return known;
    }

    /** A copy of a session without its ancestors has lost items; what is left of them must not be taken for all. */
    private void requireWhole(ItemLedger found) {
        WorkState.Items counts = log.state().work().items();
        if (found.rows().size() != counts.total()
                || list(found, ItemStatus.RUNNING).size() != counts.running()
                || list(found, ItemStatus.DONE).size() != counts.done()) {
            throw new HoldfastException(
                    ErrorCode.DAMAGED,
                    log.id() + " has " + counts.total() + " items by its state, and records of "
                            + found.rows().size() + " can be read; see verify, an ancestor may be missing");
        }
    }

    private ItemLedger.Row row(String id) {
        ItemLedger.Row row = ledger().row(id);
        if (row == null) {
            throw HoldfastException.notFound("there is no item \"" + id.replaceAll("\\p{Cntrl}", "?") + "\"");
        }
        return row;
    }

    private WorkItem withPayload(ItemLedger.Row row) {
        WorkItem item = row.toItem();
        if (item.payload() != null) {
            return item;
        }
        Lineage where = lineage;
        if (where == null) {
            where = store.lineageOf(log.id());
            where.path();
            lineage = where;
        }
        LogRecord record = where.read(row.added);
        Json payload = null;
        if (record != null && record.event(where.blobs()) instanceof Item.Added added) {
            for (Item.Task task : added.tasks()) {
                payload = task.id().equals(row.id) ? task.payload() : payload;
            }
        }
        if (payload == null) {
            throw new HoldfastException(
                    ErrorCode.DAMAGED,
                    "the payload of item \"" + row.id + "\" at " + row.added + " is lost; see verify");
        }
        return new WorkItem(
                item.id(),
                payload,
                item.status(),
                item.attempts(),
                item.agentRun(),
                item.error(),
                item.readyAt(),
                item.position());
    }
}
