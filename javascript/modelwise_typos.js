// Finds what was meant where what is typed holds a typo: a letter too much, too few, wrong, or two exchanged.
//
// One edit is looked for everywhere: letter by letter, what else could have been meant at that place. Two are
// looked for where a word's first letters are right.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const [SHORTEST, SHORTEST_OF_TWO, LONGEST] = [4, 8, 64];
    /** Up to which length a part of a tag must end where the typed word does. */
    const UNTOLD = 6;
    /** Short words are near to many: from each length on, how many of the most popular tags may be meant. `first`:
     *  up to which length the first letter must be right. */
    /** @type {Trust} */
    const WHOLE = { steps: [[4, 4000], [5, Infinity]], first: 5 };
    /** @type {Trust} */
    const PART = { steps: [[4, 500], [7, 1000], [8, 4000]], first: 8 };
    /** @type {Trust} */
    const TWO = { steps: [[8, 2000], [10, 20000], [12, Infinity]], first: 11 };
    /** How many of the first letters of a word must be right, and how many words with them are looked at. */
    const [ANCHOR, LONGEST_ANCHOR, MOST] = [4, 8, 1500];

    /** What an edit takes: letters of the tag, and letters of what is typed. */
    /** @type {[number, number][]} */
    const ONLY_SKIPPED = [[1, 0]];
    /** @type {[number, number][]} */
    const ONLY_TYPED = [[0, 1]];
    /** @type {[number, number][]} */
    const ANY = [[1, 1], [1, 0], [0, 1]];
    /** @type {[number, number][]} */
    const WITH_EXCHANGE = [...ANY, [2, 2]];

    function mostOf(/** @type {Trust} */ { steps }, /** @type {number} */ length) {
        let most = 0;
        for (const [from, tags] of steps) if (length >= from) most = tags;
        return most;
    }

    /** What starts as typed but for one edit: as ranges, and those in which whole names are first. */
    modelwise.oneEdit = function (index, { bytes, isPlain }) {
        const { length } = bytes;
        /** @type {Edits} */
        const edits = { ranges: [], wholes: [], most: mostOf(PART, length), mostWhole: mostOf(WHOLE, length) };
        if (!isPlain || length < SHORTEST || length > LONGEST) return edits;
        const keep = (/** @type {Starts | null} */ range, /** @type {number} */ size, /** @type {number} */ at) => {
            if (!range) return;
            if (at || length > WHOLE.first) edits.wholes.push({ range, length: size });
            const kept = length <= UNTOLD || at > length - 3 ? ended(index, range, size) : range;
            if (kept && (at || length > PART.first)) edits.ranges.push(kept);
        };
        /** @type {Starts | null} */
        let range = { low: 0, high: index.order.length };
        for (let at = 0; at < length && range; at++) {
            if (at || length > WHOLE.first) editAt(index, range, at, bytes, keep);
            range = modelwise.narrowed(index, range, at, bytes.subarray(at, at + 1), 0);
        }
        return edits;
    };

    /** Try every edit at one letter; up to there, all is right. */
    function editAt(
        /** @type {CompletionIndex} */ index,
        /** @type {Starts} */ range,
        /** @type {number} */ at,
        /** @type {Uint8Array} */ bytes,
        /** @type {(range: Starts | null, length: number, at: number) => void} */ keep,
    ) {
        const { length } = bytes;
        const rest = (/** @type {Starts} */ some, /** @type {number} */ depth, /** @type {number} */ from) =>
            from < length ? modelwise.narrowed(index, some, depth, bytes, from) : some;
        const typed = bytes[at];
        for (let low = range.low; low < range.high; ) {
            const [byte, high] = next(index, low, range.high, at);
            const child = { low, high };
            low = high;
            if (byte === 0 || byte >= 0x80 || byte === typed) continue;
            keep(rest(child, at + 1, at), length + 1, at);
            keep(rest(child, at + 1, at + 1), length, at);
        }
        keep(rest(range, at, at + 1), length - 1, at);
        const following = bytes[at + 1];
        if (following !== undefined && following !== typed) {
            keep(modelwise.narrowed(index, range, at, exchanged(bytes, at), 0), length, at);
        }
    }

    /** The letters from `at` on, the first two exchanged. */
    function exchanged(/** @type {Uint8Array} */ bytes, /** @type {number} */ at) {
        const other = bytes.slice(at);
        [other[0], other[1]] = [/** @type {number} */ (bytes[at + 1]), /** @type {number} */ (bytes[at])];
        return other;
    }

    /** The letter at a depth, and where those with it end. */
    function next(
        /** @type {CompletionIndex} */ { text, order },
        /** @type {number} */ low,
        /** @type {number} */ high,
        /** @type {number} */ depth,
    ) {
        const letter = (/** @type {number} */ at) => modelwise.byteAt(text, /** @type {number} */ (order[at]) + depth);
        const byte = letter(low);
        let [first, end] = [low + 1, high];
        while (first < end) {
            const middle = (first + end) >>> 1;
            if (letter(middle) > byte) end = middle;
            else first = middle + 1;
        }
        return /** @type {const} */ ([byte, end]);
    }

    /** Those of a range whose word ends after some letters: they come first. */
    function ended(
        /** @type {CompletionIndex} */ { text, order },
        /** @type {Starts} */ { low, high },
        /** @type {number} */ length,
    ) {
        let [first, end] = [low, high];
        while (first < end) {
            const middle = (first + end) >>> 1;
            if (modelwise.byteAt(text, /** @type {number} */ (order[middle]) + length) > 0x20) end = middle;
            else first = middle + 1;
        }
        return end > low ? { low, high: end } : null;
    }

    /** The places of names and aliases that are what is typed but for two edits, the most popular first. */
    modelwise.twoEdits = function (index, { bytes, words, isPlain }) {
        /** @type {Set<number>} */
        const found = new Set();
        const { length } = bytes;
        const isLong = isPlain && length >= SHORTEST_OF_TWO && length <= LONGEST;
        let offset = 0;
        for (const word of isLong ? words : []) {
            const range = anchored(index, bytes.subarray(offset));
            if (range) near(index, range, bytes, offset, found);
            offset += word.length + 1;
        }
        return { places: [...found].sort((one, other) => one - other), most: mostOf(TWO, length) };
    };

    /** Add the strings that are meant, of those that have a word of a range about where it is typed. */
    function near(
        /** @type {CompletionIndex} */ { text, order },
        /** @type {Starts} */ { low, high },
        /** @type {Uint8Array} */ bytes,
        /** @type {number} */ offset,
        /** @type {Set<number>} */ found,
    ) {
        const isAnyFirst = bytes.length > TWO.first;
        for (let at = low; at < high; at++) {
            const place = /** @type {number} */ (order[at]);
            const begin = modelwise.beginOf(text, place);
            const isNear = Math.abs(place - begin - offset) <= 2;
            const isFirst = isAnyFirst || modelwise.byteAt(text, begin) === bytes[0];
            if (isNear && isFirst && isMeant(text, begin, bytes, 0, 2)) found.add(begin);
        }
    }

    /** Those that start with the same letters, as few of them as leave not too many. */
    function anchored(/** @type {CompletionIndex} */ index, /** @type {Uint8Array} */ bytes) {
        for (let length = Math.min(ANCHOR, bytes.length); length <= LONGEST_ANCHOR; length++) {
            const range = modelwise.startingWith(index, bytes.subarray(0, length));
            if (!range || range.high - range.low <= MOST) return range;
        }
        return null;
    }

    /** Whether the string at a place is what is typed, but for some edits.
     * @param {Uint8Array} text
     * @param {number} begin
     * @param {Uint8Array} bytes
     * @param {number} from
     * @param {number} left
     * @returns {boolean}
     */
    function isMeant(text, begin, bytes, from, left) {
        let [place, at] = [begin, from];
        while (at < bytes.length && modelwise.byteAt(text, place) === bytes[at]) [place, at] = [place + 1, at + 1];
        const byte = modelwise.byteAt(text, place);
        if (at === bytes.length && byte === 0) return true;
        if (left === 0) return false;
        for (const [skipped, typed] of allowed(text, place, bytes, at)) {
            if (isMeant(text, place + skipped, bytes, at + typed, left - 1)) return true;
        }
        return false;
    }

    /** What one edit may do where a string and what is typed differ: how many letters of each it takes. */
    function allowed(
        /** @type {Uint8Array} */ text,
        /** @type {number} */ place,
        /** @type {Uint8Array} */ bytes,
        /** @type {number} */ at,
    ) {
        const byte = modelwise.byteAt(text, place);
        if (byte === 0) return ONLY_TYPED;
        if (at === bytes.length) return ONLY_SKIPPED;
        return byte === bytes[at + 1] && modelwise.byteAt(text, place + 1) === bytes[at] ? WITH_EXCHANGE : ANY;
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
