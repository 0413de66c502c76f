// The names in the index as text, and which of them the user has used.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** @type {TextDecoder | undefined} */
    let decoder;

    function decoded(/** @type {Uint8Array} */ text, /** @type {number} */ begin, /** @type {number} */ end) {
        decoder ??= new TextDecoder("utf-8", { ignoreBOM: true });
        return decoder.decode(text.subarray(begin, end));
    }

    /** The first index of sorted numbers at which there is `least` or more. */
    modelwise.firstFrom = function (numbers, least) {
        let [low, high] = [0, numbers.length];
        while (low < high) {
            const middle = (low + high) >>> 1;
            if (/** @type {number} */ (numbers[middle]) < least) low = middle + 1;
            else high = middle;
        }
        return low;
    };

    /** The string that begins at a place, as its list has it. */
    modelwise.stringAt = function ({ text, own }, begin) {
        let end = begin;
        while (/** @type {number} */ (text[end]) >= 0x20) end += 1;
        if (/** @type {number} */ (text[end]) < 2) return decoded(text, begin, end);
        const number = modelwise.firstFrom(own.begins, begin);
        const from = number ? /** @type {number} */ (own.ends[number - 1]) + 1 : 0;
        return decoded(own.text, from, /** @type {number} */ (own.ends[number]));
    };

    /** The name of a row. */
    modelwise.tagOf = (index, row) => modelwise.stringAt(index, /** @type {number} */ (index.rows[row]));

    /** The rows that have a name; two may, where their lists spell them differently. */
    function rowsNamed(/** @type {CompletionIndex} */ index, /** @type {string} */ tag) {
        const { bytes } = modelwise.queryOf(tag);
        const range = bytes.length ? modelwise.startingWith(index, bytes) : null;
        const rows = [];
        for (let at = range?.low ?? 0; at < (range?.high ?? 0); at++) {
            const place = /** @type {number} */ (index.order[at]);
            if (/** @type {number} */ (index.text[place + bytes.length]) >= 0x20) break;
            const row = modelwise.rowAt(index, place);
            if (index.rows[row] === place && modelwise.tagOf(index, row) === tag) rows.push(row);
        }
        return rows;
    }

    /** The tags that the user has used, by row, and the word starts of theirs; remembered until there are more. */
    modelwise.usedOf = function (index, uses) {
        if (index.used?.uses === uses && index.used.size === uses.size) return index.used;
        /** @type {Map<number, string>} */
        const tags = new Map();
        for (const tag of uses.keys()) for (const row of rowsNamed(index, tag)) tags.set(row, tag);
        const starts = startsOf(index, tags);
        return (index.used = { uses, size: uses.size, tags, starts });
    };

    /** Where in the sorted order the words of rows are. A bit for sixteen bytes of text tells most that are not. */
    function startsOf(/** @type {CompletionIndex} */ index, /** @type {Map<number, string>} */ tags) {
        const { order, rows, text } = index;
        const near = new Uint8Array((text.length >> 4) + 1);
        for (const row of tags.keys()) {
            near.fill(1, /** @type {number} */ (rows[row]) >> 4, (/** @type {number} */ (rows[row + 1]) >> 4) + 1);
        }
        const starts = [];
        for (let at = 0; at < order.length; at++) {
            const place = /** @type {number} */ (order[at]);
            if (near[place >> 4] && tags.has(modelwise.rowAt(index, place))) starts.push(at);
        }
        return Uint32Array.from(starts);
    }

    /** The places in ranges whose tags the user has used. */
    modelwise.usedPlaces = function ({ order }, { starts }, ranges) {
        return ranges.flatMap(({ low, high }) => {
            const some = starts.subarray(modelwise.firstFrom(starts, low), modelwise.firstFrom(starts, high));
            return Array.from(some, (at) => /** @type {number} */ (order[at]));
        });
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
