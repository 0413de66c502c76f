// A lab's question as text that can be sent to somebody, and such a text as a question again.
//
// Whatever the texts hold, the same question comes back. An infotext of the WebUI can be read too.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const NEGATIVE = "Negative prompt: ";
    const REST = "Modelwise lab: ";
    const SETTINGS = /^(?:\w[\w \-/]+: (?:"(?:\\.|[^\\"])*"|(?!")[^,]*)(?:, |$)){3,}$/;

    const plain = (/** @type {string} */ prompt, /** @type {string} */ negative, /** @type {string} */ rest) =>
        [prompt, ...(negative ? [NEGATIVE + negative] : []), rest].join("\n");

    /** A prompt and a negative out of the lines of a text. */
    function parted(/** @type {string[]} */ lines) {
        const at = lines.findIndex((line) => line.startsWith(NEGATIVE));
        if (at < 0) return { prompt: lines.join("\n"), negative: "" };
        const negative = lines.slice(at).join("\n").slice(NEGATIVE.length);
        return { prompt: lines.slice(0, at).join("\n"), negative };
    }

    /** A question as text. */
    modelwise.labText = function ({ prompt, negative, ...rest }) {
        const text = plain(prompt, negative, REST + JSON.stringify(rest));
        const again = modelwise.readLabText(text);
        if (again.prompt === prompt && again.negative === negative) return text;
        // The texts hold what looks like the form itself: they go into the last line.
        return REST + JSON.stringify({ ...rest, prompt, negative });
    };

    /** What a text asks for: as much of a question as it says. Throws an Error that can be shown. */
    modelwise.readLabText = function (text) {
        const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
        const last = lines[lines.length - 1] ?? "";
        if (!last.startsWith(REST)) {
            return parted(SETTINGS.test(last) && lines.length > 1 ? lines.slice(0, -1) : lines);
        }
        /** @type {unknown} */
        let rest;
        try {
            rest = JSON.parse(last.slice(REST.length));
        } catch {
            throw new Error(`The last line: found no JSON behind "${REST.trim()}"`);
        }
        if (typeof rest !== "object" || rest === null || Array.isArray(rest)) {
            throw new Error(`The last line: found ${JSON.stringify(rest).slice(0, 60)}; allowed: an object`);
        }
        return { ...parted(lines.slice(0, -1)), ...checked(/** @type {Record<string, unknown>} */ (rest)) };
    };

    /** What is of another kind than it should be is refused by its name; what is unknown is left out. */
    function checked(/** @type {Record<string, unknown>} */ rest) {
        const isText = (/** @type {unknown} */ value) => typeof value === "string";
        const isTable = (/** @type {unknown} */ value) =>
            typeof value === "object" && value !== null && !Array.isArray(value);
        const isList = (/** @type {unknown} */ value) => Array.isArray(value) && value.every(isText);
        const kinds = { prompt: isText, negative: isText, profiles: isList, intent: isTable, switches: isTable };
        /** @type {Record<string, unknown>} */
        const found = {};
        for (const [name, isRight] of Object.entries(kinds)) {
            if (!(name in rest)) continue;
            if (!isRight(rest[name])) throw new Error(`The last line: ${name} is of the wrong kind`);
            found[name] = rest[name];
        }
        return found;
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
