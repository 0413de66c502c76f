// What is being typed at the caret: a tag, the name of an extra network or a wildcard, and from where to where.
//
// Looks only at the text near the caret, so that a long prompt costs nothing more than a short one.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const NEAR = 1000; // characters to each side
    const LONGEST = 100; // nobody types a tag of more

    const BEHIND = new RegExp(
        [
            String.raw`\\.`,
            String.raw`#[^\n]*`,
            String.raw`<\w+:[^>\n]*>`,
            String.raw`<\w*(?::(?:(?!, )[^>\n])*)?$`,
            String.raw`__(?:(?!__)[^,\n<>{}|()])+__`,
            String.raw`__(?:(?!__)[^,\n<>{}|()])*$`,
            String.raw`\b(?:AND|BREAK)(?=\s)`,
            String.raw`\$\$|\$\{`,
            String.raw`[,，、\n()[\]{}|:]`,
        ].join("|"),
        "gs",
    );
    const AHEAD = /\\.|\s(?:AND|BREAK)\b|[,，、\n()[\]{}|:<#]/gs;
    const WEIGHT = /^\s*[-+]?[\d.]*\s*$/;
    const WEIGHT_END = /^:\s*[-+]?[\d.]+\s*\)/;
    const NETWORK = /^<(\w*)(?:(:)([^:]*))?$/;
    const OPENING = new Set(["(", "[", "{", "${"]);
    const CLOSING = new Set([")", "]", "}"]);
    const BEFORE_A_NETWORK = /[_>\w]$/; // the end of an emoticon: >_<

    /** @typedef {{ sign: string, outer: number }} Bracket `outer`: where the name begins that it belongs to, or -1 */
    /** @typedef {{ start: number, open: Bracket[], special: string }} Reading */

    /** What could be meant by the text at the caret, the longest first; nothing in comments and weights. */
    modelwise.queries = function (text, caret) {
        const from = Math.max(0, caret - NEAR);
        const before = text.slice(from, caret);
        const after = text.slice(caret, caret + NEAR);
        const reading = readBehind(before);
        if (!reading) return [];
        const { start, open, special } = reading;
        if (special.startsWith("<")) return network(special, start + from, caret, after);
        if (special) return wildcard(special, start + from, caret, after);
        if (open.some((bracket) => bracket.sign === "${")) return [];
        const top = open.at(-1);
        const ends = { depth: open.length, caret, after, sign: top?.sign ?? "" };
        const inner = tag(before, start, from, ends, false);
        if (!top || top.outer < 0) return inner;
        return [...tag(before, top.outer, from, { ...ends, sign: open.at(-2)?.sign ?? "" }, true), ...inner];
    };

    /** Where the item begins that ends at the caret, and in which brackets; null where nothing is to be typed. */
    function readBehind(/** @type {string} */ before) {
        /** @type {Bracket[]} */
        const open = [];
        let start = 0;
        for (const found of before.matchAll(BEHIND)) {
            const [sign] = found;
            const next = found.index + sign.length;
            if (isSpecial(sign, before, found.index) && next === before.length) {
                return { start: found.index, open, special: sign };
            } else if (sign.startsWith("#")) {
                if (next === before.length) return null;
            } else if (sign === ":") {
                const said = endsItem(open.at(-1)?.sign, before.slice(start, found.index), before.slice(next));
                if (said === null) return null;
                if (said) start = next;
            } else {
                start = read(sign, { before, at: found.index, start, open });
            }
        }
        return { start, open, special: "" };
    }

    function isSpecial(/** @type {string} */ sign, /** @type {string} */ before, /** @type {number} */ at) {
        if (sign.startsWith("__")) return sign.length < 4 || !sign.endsWith("__");
        return sign.startsWith("<") && !sign.endsWith(">") && !(sign === "<" && BEFORE_A_NETWORK.test(before.slice(0, at)));
    }

    /** Whether a colon ends an item; null where a weight or a time stands behind it. */
    function endsItem(
        /** @type {string | undefined} */ bracket,
        /** @type {string} */ item,
        /** @type {string} */ rest,
    ) {
        if (bracket === "(" && item.trim() && WEIGHT.test(rest)) return null;
        if (bracket !== "[") return false;
        return rest.trim() && WEIGHT.test(rest) ? null : true;
    }

    /** Where the item begins after a sign.
     *  @param {string} sign
     *  @param {{ before: string, at: number, start: number, open: Bracket[] }} state */
    function read(sign, { before, at, start, open }) {
        const next = at + sign.length;
        if (OPENING.has(sign)) {
            const named = sign === "(" && before.slice(start, at).trim();
            open.push({ sign, outer: named ? start : -1 });
            return next;
        }
        if (CLOSING.has(sign)) {
            const closed = open.pop();
            return closed && closed.outer >= 0 ? closed.outer : next;
        }
        if (sign === "|") return open.length && open.at(-1)?.sign !== "(" ? next : start;
        if (sign.startsWith("\\") || sign.startsWith("<") || sign.startsWith("__")) {
            return sign.startsWith("<") && sign.endsWith(">") ? next : start;
        }
        for (const bracket of open) bracket.outer = -1; // a separator: these brackets are no name's
        return next;
    }

    /** @typedef {{ depth: number, caret: number, after: string, sign: string }} Ends */

    /** @type {(before: string, start: number, from: number, ends: Ends, named: boolean) => Query[]} */
    function tag(before, start, from, { depth, caret, after, sign }, named) {
        const whole = before.slice(start);
        const typed = whole.trimStart();
        if (typed.length > LONGEST) return [];
        const begin = from + start + whole.length - typed.length;
        const end = caret + after.slice(0, endAhead(after, sign, named)).trimEnd().length;
        return [{ kind: "tag", network: "", start: begin, end, typed, inside: depth > (named ? 1 : 0), closed: "" }];
    }

    /** How far the tag goes on behind the caret. `named`: a bracket of its own is open. */
    function endAhead(/** @type {string} */ after, /** @type {string} */ bracket, /** @type {boolean} */ named) {
        let depth = named ? 1 : 0;
        let opened = -1;
        for (const { 0: sign, index: at } of after.matchAll(AHEAD)) {
            if (sign.startsWith("\\")) continue;
            if (sign === "(") {
                if (!depth) opened = at;
                depth += 1;
            } else if (sign === ")" && depth) {
                depth -= 1;
            } else if (sign === ":" && !(bracket === "[" || WEIGHT_END.test(after.slice(at)))) {
                continue;
            } else if (sign === "|" && bracket !== "[" && bracket !== "{") {
                continue;
            } else {
                return depth && opened >= 0 ? opened : at;
            }
        }
        return after.length;
    }

    /** @type {(special: string, start: number, caret: number, after: string) => Query[]} */
    function network(special, start, caret, after) {
        const [whole, kind = "", colon, name] = NETWORK.exec(special) ?? [];
        if (whole === undefined) return []; // behind the name: weights
        const rest = /^([^:<>,\n]*)(?:(:)[^<>\n]*)?>/.exec(after);
        const end = caret + (rest?.[1]?.length ?? /^[^\s,<>:]*/.exec(after)?.[0].length ?? 0);
        const closed = rest ? (rest[2] ?? ">") : "";
        const typed = colon ? (name ?? "") : kind;
        return [{ kind: "network", network: colon ? kind : "", start, end, typed, inside: false, closed }];
    }

    /** @type {(special: string, start: number, caret: number, after: string) => Query[]} */
    function wildcard(special, start, caret, after) {
        const rest = /^(?:(?!__)[^,\n<>{}|()\s])*(__)?/.exec(after);
        const end = caret + (rest?.[0].length ?? 0);
        return [{ kind: "wildcard", network: "", start, end, typed: special.slice(2), inside: false, closed: "" }];
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
