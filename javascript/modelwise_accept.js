// What a taken suggestion does to the text: what is replaced, by what, and what stays.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const SEPARATOR = ", ";
    const NEAR = 40; // characters behind the tag that are looked at
    /** What needs no separator before it: one that is there, a closing bracket, a weight. */
    const SEPARATED = /^\s*(?:[,，、|)\]}]|:\s*[-+]?[\d.]+\s*\))/;

    /** The range to replace and the text to put there; the caret then stands behind it.
     *
     *  `fresh`: all that stands before the caret in the tag was typed just now, in front of what was there: that
     *  is another tag and stays, unless the suggestion ends with the same words. */
    modelwise.acceptance = function (text, caret, query, chosen, options) {
        if (query.kind === "network") return network(text, query, chosen, options.weight);
        const keeps = options.fresh && isAnother(text.slice(caret, query.end), chosen);
        const to = keeps ? caret : query.end;
        const whole = query.kind === "wildcard" ? `__${chosen.text}__` : chosen.text;
        const rest = text.slice(to, to + NEAR);
        const ends = keeps || (options.separator && !query.inside && !SEPARATED.test(rest));
        const separator = /^\s/.test(rest) ? SEPARATOR.trimEnd() : SEPARATOR;
        return { from: query.start, to, insert: ends ? whole + separator : whole };
    };

    /** Whether what stands behind the caret is no part of the suggestion, as it is in `long| hair`. */
    function isAnother(/** @type {string} */ after, /** @type {Suggestion} */ chosen) {
        return !modelwise.normalForm(chosen.text).endsWith(modelwise.normalForm(after));
    }

    /** The name with what stands behind it kept: weights and the closing bracket.
     *  @type {(text: string, query: Typing, chosen: Suggestion, weight: string) => Acceptance} */
    function network(text, query, chosen, weight) {
        const { start: from, end: to, closed } = query;
        if (closed === ":") return { from, to, insert: chosen.text };
        if (closed === ">") return { from, to, insert: `${chosen.text}:${weight}` };
        return { from, to, insert: `${chosen.text}:${weight}>${text.length === to ? " " : ""}` };
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
