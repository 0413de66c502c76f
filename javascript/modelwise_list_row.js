// A row of the list of suggestions: one line of text, filled again for each key.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const GAP = "  "; // style.css keeps it, and a tab to the column of the names

    /** A count in few characters. */
    modelwise.shortCount = function (count) {
        if (count === null) return "";
        if (count < 1000) return String(count);
        if (count < 999_500) return `${count < 9950 ? (count / 1000).toFixed(1) : Math.round(count / 1000)}k`;
        return `${(count / 1e6).toFixed(1)}M`;
    };

    /** A new row. Its texts share one line and no boxes: so a key's list is laid out soonest. */
    modelwise.suggestionRow = function (number) {
        const element = document.createElement("div");
        element.id = `modelwise_suggestion_${number}`;
        element.className = "modelwise-suggestion";
        element.setAttribute("role", "option");
        element.setAttribute("aria-selected", "false");
        const named = document.createElement("span");
        named.className = "modelwise-suggested";
        const [count, name, note] = /** @type {[Text, Text, Text]} */ (["", "", ""].map((no) => document.createTextNode(no)));
        named.append(name);
        element.append(count, named, note);
        return { element, named, count, name, note, look: "", isPresent: false };
    };

    /** Write what has changed; text from lists is never markup. `isPresent`: it stands in the prompt already;
     *  `isCounted`: whether there is a column of counts. */
    modelwise.fillRow = function (row, suggestion, isPresent, isCounted) {
        const { name, look, count } = suggestion;
        say(row.count, isCounted ? `${modelwise.shortCount(count)}\t` : "");
        say(row.name, name);
        say(row.note, noteOf(suggestion));
        if (row.look !== look) row.named.setAttribute("data-look", (row.look = look));
        if (row.isPresent !== isPresent) row.element.toggleAttribute("data-present", (row.isPresent = isPresent));
        if (row.element.hidden) row.element.hidden = false;
    };

    /** Write what a row says when it is pointed at, and what is read out: the name first. */
    modelwise.entitleRow = function ({ element, name, note, count, isPresent }, { slot }) {
        const title = [isPresent && "stands in the prompt already", goes(slot) && `goes to: ${slot}`];
        element.title = title.filter(Boolean).join(", ");
        const parts = [name.data, ...note.data.split(GAP), count.data.trim()];
        element.setAttribute("aria-label", parts.filter(Boolean).join(", "));
    };

    function say(/** @type {Text} */ node, /** @type {string} */ text) {
        if (node.data !== text) node.data = text;
    }

    /** What follows a name: what was typed for it, what it is, and where it goes. */
    function noteOf(/** @type {Suggestion} */ { alias, model, says, slot }) {
        const from = alias && `${GAP}← ${alias}`;
        const what = model ? `${GAP}word of ${model}` : says && GAP + says;
        return from + what + (goes(slot) ? `${GAP}→ ${slot}` : "");
    }

    /** Whether it is worth a word where a tag goes. */
    function goes(/** @type {string} */ slot) {
        return slot !== "" && slot !== "general";
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
