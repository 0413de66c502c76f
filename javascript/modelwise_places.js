// Finds places in the index: which words start with some letters, and the most popular of those.
//
// A place is an offset in the text. Rows are sorted by popularity, so the smaller place is the more popular one.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** What a byte counts as in a comparison: no case, one separator, one end. */
    const SAME = Uint8Array.from({ length: 256 }, (_, code) => {
        if (code < 0x20) return 0;
        if (code === 0x5f || code === 0x2d) return 0x20;
        return code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
    });
    /** A search that has many matches looks at the most popular part of the text first, then at larger ones. */
    const PARTS = [8, 5, 2, 0];
    const BLOCK = 32;

    /** The byte at a place, as it is compared. */
    function same(/** @type {Uint8Array} */ text, /** @type {number} */ place) {
        return /** @type {number} */ (SAME[/** @type {number} */ (text[place])]);
    }

    modelwise.byteAt = same;

    /** Whether what stands at a place comes before (< 0), after (> 0) or begins with bytes. */
    function compared(
        /** @type {Uint8Array} */ text,
        /** @type {number} */ place,
        /** @type {Uint8Array} */ bytes,
        /** @type {number} */ from,
    ) {
        for (let at = from; at < bytes.length; at++) {
            const difference = same(text, place + at - from) - /** @type {number} */ (bytes[at]);
            if (difference !== 0) return difference;
        }
        return 0;
    }

    /** Those of sorted word starts, alike up to `depth`, that go on with `bytes` from `from` on; null for none. */
    modelwise.narrowed = function ({ text, order }, { low, high }, depth, bytes, from) {
        let [first, end] = [low, high];
        while (first < end) {
            const middle = (first + end) >>> 1;
            if (compared(text, /** @type {number} */ (order[middle]) + depth, bytes, from) < 0) first = middle + 1;
            else end = middle;
        }
        if (first === high) return null;
        if (compared(text, /** @type {number} */ (order[first]) + depth, bytes, from) !== 0) return null;
        end = high;
        for (let start = first, step = 1; start < end; step *= 2) {
            // Doubling steps: most ranges are short.
            const middle = Math.min(start + step, end) - 1;
            if (compared(text, /** @type {number} */ (order[middle]) + depth, bytes, from) > 0) {
                end = middle;
                step = 0.5;
            } else start = middle + 1;
        }
        return { low: first, high: end };
    };

    /** All word starts that begin with bytes. */
    modelwise.startingWith = function (index, bytes) {
        return modelwise.narrowed(index, { low: 0, high: index.order.length }, 0, bytes, 0);
    };

    /** Where the string begins that a place is in. */
    modelwise.beginOf = function (text, place) {
        let begin = place;
        while (/** @type {number} */ (text[begin - 1]) >= 0x20) begin -= 1;
        return begin;
    };

    /** The first word start from `begin` on, within one string, that goes on with bytes; 0 where there is none. */
    modelwise.wordIn = function (text, begin, bytes) {
        for (let place = begin; /** @type {number} */ (text[place]) >= 0x20; place++) {
            if (same(text, place) !== bytes[0] || !modelwise.startsWord(text, place)) continue;
            if (compared(text, place, bytes, 0) === 0) return place;
        }
        return 0;
    };

    /** The row that a place belongs to. */
    modelwise.rowAt = function ({ rows }, place) {
        let [low, high] = [0, rows.length - 1];
        while (high - low > 1) {
            const middle = (low + high) >>> 1;
            if (/** @type {number} */ (rows[middle]) <= place) low = middle;
            else high = middle;
        }
        return low;
    };

    /** The smallest places of those that are offered, sorted; `worst` is what a place must be below. */
    class Smallest {
        constructor(/** @type {number} */ room) {
            this.places = new Uint32Array(room);
            this.size = 0;
            this.worst = Infinity;
        }

        offer(/** @type {number} */ place) {
            if (place >= this.worst) return;
            const { places } = this;
            let at = this.size < places.length ? this.size++ : this.size - 1;
            for (; at > 0 && /** @type {number} */ (places[at - 1]) > place; at--) {
                places[at] = /** @type {number} */ (places[at - 1]);
            }
            places[at] = place;
            if (this.size === places.length) this.worst = /** @type {number} */ (places[this.size - 1]);
        }
    }

    /** The best places of ranges, one a row, `limit` of them where there are so many. `keeps`: which
     *  places count. */
    modelwise.bestPlaces = function (index, ranges, limit, keeps) {
        for (let room = 2 * limit + 8; ; room *= 4) {
            const best = new Smallest(room);
            for (const range of ranges) {
                if (keeps) sift(index, range, limit, keeps, best);
                else gather(index, range, best);
            }
            const places = onePerRow(index, best, limit);
            if (places.length >= limit || best.size < room) return places;
        }
    };

    function onePerRow(
        /** @type {CompletionIndex} */ index,
        /** @type {Smallest} */ best,
        /** @type {number} */ limit,
    ) {
        const places = [];
        for (let at = 0, next = 0; at < best.size && places.length < limit; at++) {
            const place = /** @type {number} */ (best.places[at]);
            if (place < next) continue;
            places.push(place);
            next = /** @type {number} */ (index.rows[modelwise.rowAt(index, place) + 1]);
        }
        return places;
    }

    /** Offer all of a range. The best of it are in the blocks with the smallest places. */
    function gather(
        /** @type {CompletionIndex} */ { order, minima },
        /** @type {Starts} */ { low, high },
        /** @type {Smallest} */ best,
    ) {
        const [first, last] = [Math.ceil(low / BLOCK), Math.floor(high / BLOCK)];
        const offer = (/** @type {number} */ from, /** @type {number} */ to) => {
            for (let at = from; at < to; at++) best.offer(/** @type {number} */ (order[at]));
        };
        if (last - first < 2) {
            offer(low, high);
            return;
        }
        const smallest = new Smallest(best.places.length);
        for (let block = first; block < last; block++) smallest.offer(/** @type {number} */ (minima[block]));
        offer(low, first * BLOCK);
        offer(last * BLOCK, high);
        for (let block = first; block < last; block++) {
            const least = /** @type {number} */ (minima[block]);
            if (least > smallest.worst || least >= best.worst) continue;
            offer(block * BLOCK, (block + 1) * BLOCK);
        }
    }

    /** Offer those of a range that count: of the most popular part of the text first, until that is enough. */
    function sift(
        /** @type {CompletionIndex} */ index,
        /** @type {Starts} */ range,
        /** @type {number} */ limit,
        /** @type {(place: number) => boolean} */ keeps,
        /** @type {Smallest} */ best,
    ) {
        let from = 0;
        for (const part of PARTS) {
            const to = Math.ceil(index.text.length / 2 ** part);
            siftPart(index, range, from, to, keeps, best);
            if (best.worst < Infinity || onePerRow(index, best, limit).length >= limit) return;
            from = to;
        }
    }

    function siftPart(
        /** @type {CompletionIndex} */ { order, minima },
        /** @type {Starts} */ { low, high },
        /** @type {number} */ from,
        /** @type {number} */ to,
        /** @type {(place: number) => boolean} */ keeps,
        /** @type {Smallest} */ best,
    ) {
        for (let at = low; at < high; ) {
            const block = Math.floor(at / BLOCK);
            const end = Math.min((block + 1) * BLOCK, high);
            if (/** @type {number} */ (minima[block]) >= to) at = end;
            for (; at < end; at++) {
                const place = /** @type {number} */ (order[at]);
                if (place >= from && place < to && place < best.worst && keeps(place)) best.offer(place);
            }
        }
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
