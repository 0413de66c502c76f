// What a taken suggestion does to the text: what is replaced, by what, and what stays.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const SEPARATOR = ", ";
    const SEPARATED = /^\s*(?:[,，、|)\]}]|:\s*[-+]?[\d.]+\s*\))/;

    /** The range to replace and the text to put there; the caret then stands behind it.
     *
     *  `fresh`: all that stands before the caret in the tag was typed just now, in front of what was there: that
     *  is another tag and stays, unless the suggestion ends with the same words. */
    modelwise.acceptance = function (text, caret, query, chosen, { separator = true, fresh = false, weight = "1" } = {}) {
        if (query.kind === "network") return network(text, query, chosen, weight);
        const after = text.slice(caret, query.end);
        const keeps = fresh && after.trim() !== "" && !continues(chosen, after);
        const to = keeps ? caret : query.end;
        const whole = query.kind === "wildcard" ? `__${chosen.text}__` : chosen.text;
        const space = /^\s/.test(text.slice(to)) && keeps ? "," : SEPARATOR;
        return { from: query.start, to, insert: whole + (keeps || ends(text, to, query, separator) ? space : "") };
    };

    /** Whether a suggestion ends with the words behind the caret: `long| hair`. */
    function continues(/** @type {Suggestion} */ chosen, /** @type {string} */ after) {
        return modelwise.normalForm(chosen.text).endsWith(modelwise.normalForm(after));
    }

    /** Whether a separator is added: not where there is one already, and not inside brackets. */
    function ends(
        /** @type {string} */ text,
        /** @type {number} */ to,
        /** @type {Query} */ query,
        /** @type {boolean} */ separator,
    ) {
        return separator && !query.inside && !SEPARATED.test(text.slice(to, to + 40));
    }

    /** The name with what stands behind it kept: weights and the closing bracket.
     *  @type {(text: string, query: Query, chosen: Suggestion, weight: string) => Acceptance} */
    function network(text, query, chosen, weight) {
        const { start: from, end: to, closed } = query;
        if (closed === ":") return { from, to, insert: chosen.text };
        if (closed === ">") return { from, to, insert: `${chosen.text}:${weight}` };
        return { from, to, insert: `${chosen.text}:${weight}>${text.length === to ? " " : ""}` };
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
