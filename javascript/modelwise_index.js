// Reads the index of all tags that the server built (modelwise/completion.py) into what a search needs.
//
// A damaged index, or one of another version, is refused with an error that says what was found. Opening is
// cut into short steps, so that the page can draw in between.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const MAGIC = "MWINDEX\0";
    const VERSION = 1;
    const HEADER = 36;
    const STEP = 1 << 12;
    const MILLISECONDS = 2;

    /** How many sorted word starts share one entry of `minima`. */
    const BLOCK = 32;

    /** What a byte is: 0 a string's end, 1 a separator, 2 a sign, 3 a letter, 4 the begin of a character of Chinese
     *  or Japanese. */
    const KIND = Uint8Array.from({ length: 256 }, (_, code) => {
        if (code < 0x20) return 0;
        if ((code >= 0xe3 && code <= 0xe9) || code === 0xf0) return 4;
        const sign = String.fromCharCode(code);
        if (" _-".includes(sign)) return 1;
        return code >= 0x80 || /[0-9A-Za-z']/.test(sign) ? 3 : 2;
    });

    /** Whether a word starts at a byte, by the kinds of the byte before it and of its own. */
    const STARTS = Uint8Array.from({ length: 25 }, (_, both) => {
        const [before, kind] = [Math.floor(both / 5), both % 5];
        if (kind === 0) return 0;
        return Number(kind === 4 || before === 0 || (before === 1 && kind > 1) || (before === 2 && kind === 3));
    });

    /** Whether a word starts at a place of a text. */
    modelwise.startsWord = function (text, place) {
        const before = KIND[/** @type {number} */ (text[place - 1])];
        const kind = KIND[/** @type {number} */ (text[place])];
        return STARTS[/** @type {number} */ (before) * 5 + /** @type {number} */ (kind)] === 1;
    };

    /** Open an index at once. */
    modelwise.openIndex = function (buffer) {
        const steps = opening(buffer);
        let step = steps.next();
        while (!step.done) step = steps.next();
        return step.value;
    };

    /** Open an index in pieces of a few milliseconds; in between the page goes on. */
    modelwise.openIndexInSteps = async function (buffer) {
        const steps = opening(buffer);
        for (;;) {
            const end = performance.now() + MILLISECONDS;
            do {
                const step = steps.next();
                if (step.done) return step.value;
            } while (performance.now() < end);
            await new Promise((resolve) => {
                setTimeout(resolve);
            });
        }
    };

    /**
     * The steps of opening; the last one's value is the index.
     * @param {ArrayBuffer} buffer
     * @returns {Generator<undefined, CompletionIndex, undefined>}
     */
    function* opening(buffer) {
        const { checksum, sizes } = head(buffer);
        const words = new Int32Array(buffer, HEADER);
        const sums = new Int32Array(2);
        for (let from = 0; from < words.length; from += STEP) {
            summed(words, sums, from, Math.min(from + STEP, words.length));
            yield;
        }
        const found = new Uint32Array(sums).join();
        if (found !== checksum.join()) throw refused(`checksum ${found}`, checksum.join());
        const parts = cut(buffer, sizes);
        const scan = newScan(parts);
        while (scan.place < parts.text.length) {
            scanned(parts.text, scan, Math.min(scan.place + STEP, parts.text.length));
            yield;
        }
        const order = new Uint32Array(parts.planes[0].length);
        const minima = new Uint32Array(Math.ceil(order.length / BLOCK));
        for (let from = 0; from < order.length; from += STEP) {
            putInOrder(parts.planes, scan.starts, order, from, Math.min(from + STEP, order.length));
            noteMinima(order, minima, from / BLOCK, Math.min((from + STEP) / BLOCK, minima.length));
            yield;
        }
        const { text, counts, categories, shown } = parts;
        const own = { begins: Uint32Array.from(scan.own), text: shown, ends: endsOf(shown) };
        return { text, counts, categories, order, minima, rows: scan.rows, own, used: null };
    }

    /** The checksum and the sizes of the sections, after a look at everything that says what they mean. */
    function head(/** @type {ArrayBuffer} */ buffer) {
        const magic = String.fromCharCode(...new Uint8Array(buffer, 0, Math.min(8, buffer.byteLength)));
        if (buffer.byteLength < HEADER || magic !== MAGIC) throw refused("something else", "an index");
        const [version, ...numbers] = new Uint32Array(buffer, 8, 7);
        if (version !== VERSION) throw refused(`version ${version}`, String(VERSION));
        const [low, high, rows, starts, text, shown] = /** @type {Six} */ (numbers);
        const length = Math.ceil((HEADER + 5 * rows + 3 * starts + text + shown) / 4) * 4;
        if (length !== buffer.byteLength) throw refused(`${buffer.byteLength} bytes`, String(length));
        return { checksum: [low, high], sizes: [rows, starts, text, shown] };
    }

    function refused(/** @type {string} */ found, /** @type {string} */ allowed) {
        return new Error(`Modelwise: the index of tags can't be used: found ${found}; allowed: ${allowed}`);
    }

    /** Add words to two sums, the second one of all values that the first has had. */
    function summed(
        /** @type {Int32Array} */ words,
        /** @type {Int32Array} */ sums,
        /** @type {number} */ from,
        /** @type {number} */ to,
    ) {
        // `| 0` tells the engine that these are integers, which makes the loop four times as fast.
        let sum = /** @type {number} */ (sums[0]) | 0;
        let both = /** @type {number} */ (sums[1]) | 0;
        for (let at = from; at < to; at++) {
            sum = (sum + /** @type {number} */ (words[at])) | 0;
            both = (both + sum) | 0;
        }
        sums.set([sum, both]);
    }

    /** The sections, as views into the buffer. */
    function cut(/** @type {ArrayBuffer} */ buffer, /** @type {number[]} */ sizes) {
        const [rows, starts, length, rest] = /** @type {[number, number, number, number]} */ (sizes);
        const counts = new Uint32Array(buffer, HEADER, rows);
        let at = HEADER + 4 * rows;
        const part = (/** @type {number} */ size) => {
            at += size;
            return new Uint8Array(buffer, at - size, size);
        };
        const [categories, low, middle, high] = [part(rows), part(starts), part(starts), part(starts)];
        const [text, shown] = [part(length), part(rest)];
        /** @type {IndexParts} */
        const parts = { counts, categories, planes: [low, middle, high], text, shown };
        return parts;
    }

    /** Where a scan of the text stands: it finds the rows, the words' starts, and the strings shown otherwise. */
    function newScan(/** @type {IndexParts} */ parts) {
        const rows = new Uint32Array(parts.counts.length + 1);
        rows[parts.counts.length] = parts.text.length;
        const starts = new Uint32Array(parts.planes[0].length + 1);
        return { place: 1, row: 0, start: 0, begin: 1, rows, starts, own: /** @type {number[]} */ ([]) };
    }

    function scanned(
        /** @type {Uint8Array} */ text,
        /** @type {ReturnType<typeof newScan>} */ scan,
        /** @type {number} */ to,
    ) {
        const { rows, starts, own } = scan;
        let row = scan.row | 0;
        let start = scan.start | 0;
        let begin = scan.begin | 0;
        let before = /** @type {number} */ (KIND[/** @type {number} */ (text[scan.place - 1])]) | 0;
        for (let place = scan.place | 0; place < to; place++) {
            const byte = /** @type {number} */ (text[place]);
            const kind = /** @type {number} */ (KIND[byte]);
            starts[start] = place; // and the next one overwrites what is none: faster than to ask
            start += /** @type {number} */ (STARTS[before * 5 + kind]);
            before = kind;
            if (kind > 0) continue;
            if ((byte & 1) === 0) rows[row++] = begin;
            if (byte > 1) own.push(begin);
            begin = place + 1;
        }
        scan.place = to;
        scan.row = row;
        scan.start = start;
        scan.begin = begin;
    }

    /** Where each string of a section ends. */
    function endsOf(/** @type {Uint8Array} */ text) {
        const ends = [];
        for (let end = text.indexOf(0); end >= 0; end = text.indexOf(0, end + 1)) ends.push(end);
        return Uint32Array.from(ends);
    }

    /** Put places for numbers, in their sorted order. */
    function putInOrder(
        /** @type {IndexParts["planes"]} */ [low, middle, high],
        /** @type {Uint32Array} */ starts,
        /** @type {Uint32Array} */ order,
        /** @type {number} */ from,
        /** @type {number} */ to,
    ) {
        for (let at = from | 0; at < to; at++) {
            const last = /** @type {number} */ (low[at]) | (/** @type {number} */ (middle[at]) << 8);
            order[at] = /** @type {number} */ (starts[last | (/** @type {number} */ (high[at]) << 16)]);
        }
    }

    function noteMinima(
        /** @type {Uint32Array} */ order,
        /** @type {Uint32Array} */ minima,
        /** @type {number} */ from,
        /** @type {number} */ to,
    ) {
        for (let block = from; block < to; block++) {
            let least = Infinity;
            const end = Math.min((block + 1) * BLOCK, order.length);
            for (let at = block * BLOCK; at < end; at++) least = Math.min(least, /** @type {number} */ (order[at]));
            minima[block] = least;
        }
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
