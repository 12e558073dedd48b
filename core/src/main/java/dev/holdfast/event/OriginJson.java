package dev.holdfast.event;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** The stored form of an {@link Origin} on its own. Pure. */
public final class OriginJson {
    private OriginJson() {}

    /**
     * Writes an origin.
     *
     * @param origin the origin
     * @return a JSON object
     */
    public static Json write(Origin origin) {
        try (DataWriter out = new DataWriter(EventCodec.MAX_DATA_BYTES, true)) {
            out.start();
            EventWriter.origin(origin, out);
            return Json.trusted(new String(out.end().finish("").data(), StandardCharsets.UTF_8));
        }
    }

    /**
     * Reads an origin.
     *
     * @param in what {@link #write} wrote, as a tree
     * @return the origin; {@link Origin.Other} if this version does not know it
     */
    public static Origin read(JsonNode in) {
        return EventReader.origin(in);
    }
}
