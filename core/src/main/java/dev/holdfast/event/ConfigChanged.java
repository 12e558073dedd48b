package dev.holdfast.event;

/**
 * The session's configuration changed. Wire name {@code config.changed}.
 *
 * @param patch a JSON merge patch (RFC 7396) over the configuration; always an object
 */
public record ConfigChanged(Json patch) implements Event {
    @Override
    public String type() {
        return "config.changed";
    }
}
