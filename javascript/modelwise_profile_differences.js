// What differs between two profiles, key by key; entries of lists go by what names them, not by their place.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const NAMES = ["tag", "id", "name", "prompt", "text", "model"];

    /** @type {unknown[]} */
    const NOTHING = [null, undefined, "", false];

    const isTable = (/** @type {unknown} */ value) => typeof value === "object" && value !== null;

    /** What an entry of a list is called. */
    function called(/** @type {unknown} */ entry, /** @type {number} */ at) {
        const table = /** @type {Record<string, unknown>} */ (entry);
        const name = NAMES.find((each) => typeof table[each] === "string");
        if (name) return String(table[name]);
        return "width" in table ? `${table.width}x${table.height}` : String(at + 1);
    }

    function text(/** @type {unknown} */ value) {
        return Array.isArray(value) ? value.map((each) => [each].flat().join(" + ")).join(", ") : String(value);
    }

    /** Every value by its path; what is nothing, and an empty list or table, is not there. */
    function values(/** @type {unknown} */ value, /** @type {string} */ path, /** @type {Map<string, string>} */ found) {
        if (NOTHING.includes(value)) return found;
        if (Array.isArray(value)) return entries(value, path, found);
        if (!isTable(value)) return found.set(path, text(value));
        const inner = Object.entries(/** @type {object} */ (value));
        inner.forEach(([key, each]) => values(each, path ? `${path}.${key}` : key, found));
        return found;
    }

    /** The same of a list: its entries by their names, or all in one where they are plain. */
    function entries(/** @type {unknown[]} */ list, /** @type {string} */ path, /** @type {Map<string, string>} */ found) {
        if (!list.length) return found;
        if (!list.every((each) => isTable(each) && !Array.isArray(each))) return found.set(path, text(list));
        const names = list.map(called);
        found.set(path, names.join(", "));
        list.forEach((entry, at) => values(entry, `${path}[${names[at]}]`, found));
        return found;
    }

    /** The keys in which two profiles differ: path, what the one has, what the other has; empty: nothing. */
    modelwise.differences = function (one, other) {
        const first = values(one, "", new Map());
        const second = values(other, "", new Map());
        const paths = [...new Set([...first.keys(), ...second.keys()])].filter(
            (path) => first.get(path) !== second.get(path),
        );
        // Where an entry of a list is missing, its list says so: its inner keys would only repeat it.
        const lone = (/** @type {string} */ path) => {
            const list = path.slice(0, path.lastIndexOf("["));
            const entry = path.slice(0, path.lastIndexOf("]") + 1);
            const within = (/** @type {Map<string, string>} */ all) => [...all.keys()].some((each) => each.startsWith(entry));
            return path.includes("[") && paths.includes(list) && !(within(first) && within(second));
        };
        return paths
            .filter((path) => !lone(path))
            .map((path) => /** @type {[string, string, string]} */ ([path, first.get(path) ?? "", second.get(path) ?? ""]));
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
