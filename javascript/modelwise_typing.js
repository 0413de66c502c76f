// What is being typed at the caret: a tag, the name of an extra network or a wildcard, and from where to where.
//
// Looks only at the text near the caret, so that a long prompt costs nothing more than a short one.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const NEAR = 1000; // characters to each side
    const LONGEST = 100; // nobody types a tag of more

    const SIGNS = [
        String.raw`\\[()[\]\\]|__(?:(?!__)[^,\n<>{}|()])+__`, // skipped
        String.raw`#[^\n]*`,
        String.raw`<\w+:[^>\n]*>`,
        String.raw`<(?:\w*:(?:(?!, )[^>\n])*|[^\s<>:,]*)$|__(?:(?!__)[^,\n<>{}|()])*$`, // not finished
        String.raw`[([{]|\$\{|[)\]}]|[:|]`,
        String.raw`\b(?:AND|BREAK)(?=\s)|\$\$`, // separators
    ];
    const COMMAS = ",，、\n"; // separators, too, of which only the last between two signs counts
    const BEHIND = new RegExp(SIGNS.join("|"), "gs");
    const AHEAD = /\\[()[\]\\]|\s(?:AND|BREAK)\b|[,，、\n()[\]{}|:<#]/gs;
    const WEIGHT = /^\s*[-+]?[\d.]*\s*$/;
    const WEIGHT_END = /^:\s*[-+]?[\d.]+\s*\)/;
    const EMOTICON = /[_>\w]$/; // what stands before the last sign of >_<

    /** @typedef {{ sign: string, outer: number }} Bracket `outer`: where the name begins that it belongs to, or -1 */
    /** @typedef {{ before: string, start: number, open: Bracket[], special: string, nothing: boolean }} Reading
     *  `special`: the beginning of a network or a wildcard; `nothing`: it is a comment or a number */

    /** What the signs of a kind do. @type {Record<string, (reading: Reading, sign: string, at: number) => void>} */
    const ACTS = {
        comment(reading, sign, at) {
            reading.nothing = at + sign.length === reading.before.length;
        },
        network(reading, sign, at) {
            reading.start = at + sign.length;
        },
        unfinished(reading, sign, at) {
            if (sign === "<" && EMOTICON.test(reading.before.slice(0, at))) return;
            Object.assign(reading, { start: at, special: sign });
        },
        opening(reading, sign, at) {
            const named = sign === "(" && reading.before.slice(reading.start, at).trim();
            reading.open.push({ sign, outer: named ? reading.start : -1 });
            reading.start = at + 1;
        },
        closing(reading, sign, at) {
            const outer = reading.open.pop()?.outer ?? -1;
            reading.start = outer < 0 ? at + sign.length : outer;
        },
        colon(reading, _sign, at) {
            const bracket = reading.open.at(-1)?.sign;
            const isNumber = WEIGHT.test(reading.before.slice(at + 1));
            if (bracket === "(") {
                reading.nothing = isNumber && reading.before.slice(reading.start, at).trim() !== "";
            } else if (bracket === "[") {
                reading.nothing = isNumber && reading.before.slice(at + 1).trim() !== "";
                reading.start = at + 1;
            }
        },
        bar(reading, _sign, at) {
            if (reading.open.length && reading.open.at(-1)?.sign !== "(") reading.start = at + 1;
        },
        separator(reading, sign, at) {
            for (const bracket of reading.open) bracket.outer = -1; // these brackets are no name's
            reading.start = at + sign.length;
        },
    };

    /** What kind of sign begins with a character; the others are separators. @type {Record<string, string>} */
    const KINDS = { "\\": "skipped", "#": "comment", ":": "colon", "|": "bar" };
    for (const sign of "([{") KINDS[sign] = "opening";
    for (const sign of ")]}") KINDS[sign] = "closing";

    /** What could be meant by the text at the caret, the longest first; nothing in comments and weights. */
    modelwise.typedAt = function (text, caret) {
        const from = Math.max(0, caret - NEAR);
        const after = text.slice(caret, caret + NEAR);
        const reading = readBehind(text.slice(from, caret));
        const { start, open, special } = reading;
        if (reading.nothing || open.some((bracket) => bracket.sign === "${")) return [];
        if (special.startsWith("<")) return network(special, start + from, caret, after);
        if (special) return wildcard(special, start + from, caret, after);
        const place = { from, caret, after };
        const inner = tag(reading, start, place, 0);
        const name = open.at(-1)?.outer ?? -1;
        return name < 0 ? inner : [...tag(reading, name, place, 1), ...inner];
    };

    /** Where the item begins that ends at the caret, and in which brackets. */
    function readBehind(/** @type {string} */ before) {
        /** @type {Reading} */
        const reading = { before, start: 0, open: [], special: "", nothing: false };
        let last = 0;
        for (const { 0: sign, index: at } of before.matchAll(BEHIND)) {
            separate(reading, last, at);
            ACTS[kindOf(sign)]?.(reading, sign, at);
            last = at + sign.length;
        }
        separate(reading, last, before.length);
        return reading;
    }

    /** Begin a new item after the last comma of a part without other signs. */
    function separate(/** @type {Reading} */ reading, /** @type {number} */ from, /** @type {number} */ to) {
        for (let at = to - 1; at >= from; at--) {
            const sign = /** @type {string} */ (reading.before[at]);
            if (COMMAS.includes(sign)) return ACTS["separator"]?.(reading, sign, at);
        }
    }

    function kindOf(/** @type {string} */ sign) {
        const [first = ""] = sign;
        if (first === "<") return sign.endsWith(">") ? "network" : "unfinished";
        if (first === "_") return sign.length > 4 && sign.endsWith("__") ? "skipped" : "unfinished";
        return (sign === "${" ? "opening" : KINDS[first]) ?? "separator";
    }

    /** The tag from `start` on. `named`: how many of the open brackets are its own.
     *  @type {(reading: Reading, start: number, place: { from: number, caret: number, after: string },
     *      named: number) => Typing[]} */
    function tag({ before, open }, start, { from, caret, after }, named) {
        const whole = before.slice(start);
        const typed = whole.trimStart();
        if (typed.length > LONGEST) return [];
        const begin = from + start + whole.length - typed.length;
        const bracket = open.at(-1 - named)?.sign ?? "";
        const end = caret + after.slice(0, endAhead(after, bracket, named)).trimEnd().length;
        const inside = open.length > named;
        return [{ kind: "tag", network: "", start: begin, end, typed, inside, closed: "" }];
    }

    /** How far the tag goes on behind the caret, with brackets of its own: `fate| (series)`. */
    function endAhead(/** @type {string} */ after, /** @type {string} */ bracket, /** @type {number} */ named) {
        let depth = named;
        let opened = -1;
        for (const { 0: sign, index: at } of after.matchAll(AHEAD)) {
            if (!stops(sign, after.slice(at, at + 20), bracket)) continue;
            if (sign === "(") {
                if (!depth) opened = at;
                depth += 1;
            } else if (sign === ")" && depth) {
                depth -= 1;
            } else {
                return depth && opened >= 0 ? opened : at;
            }
        }
        return after.length;
    }

    function stops(/** @type {string} */ sign, /** @type {string} */ rest, /** @type {string} */ bracket) {
        if (sign === ":") return bracket === "[" || WEIGHT_END.test(rest);
        if (sign === "|") return bracket === "[" || bracket === "{";
        return !sign.startsWith("\\");
    }

    /** @type {(special: string, start: number, caret: number, after: string) => Typing[]} */
    function network(special, start, caret, after) {
        const parts = special.slice(1).split(":");
        if (parts.length > 2) return []; // behind the name: weights
        const typed = parts.at(-1) ?? "";
        const closing = /^([^:<>,\n]*)(?::[^<>\n]*)?>/.exec(after);
        const rest = (closing ? closing[1] : /^[^\s,<>:]*/.exec(after)?.[0]) ?? "";
        const end = caret + rest.length;
        const closed = closing ? (after[rest.length] ?? "") : "";
        const kind = parts.length > 1 ? (parts[0] ?? "") : "";
        return [{ kind: "network", network: kind, start, end, typed, inside: false, closed }];
    }

    /** @type {(special: string, start: number, caret: number, after: string) => Typing[]} */
    function wildcard(special, start, caret, after) {
        const rest = /^(?:(?!__)[^,\n<>{}|()\s])*(__)?/.exec(after);
        const end = caret + (rest?.[0].length ?? 0);
        return [{ kind: "wildcard", network: "", start, end, typed: special.slice(2), inside: false, closed: "" }];
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
