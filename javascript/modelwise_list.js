// The list of suggestions beside the caret: a listbox whose rows are made once and filled again for each key.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const SHOWN = 8; // rows that are seen without scrolling
    const ROW = 28; // pixels; style.css has the same
    const TOUCHED_ROW = 44;
    const MARGIN = 8; // pixels to the window's edges
    const PARTS = ["present", "name", "alias", "says", "slot", "count"];

    /** @typedef {{ element: HTMLElement, parts: Record<string, HTMLElement>, said: Record<string, string> }} Row */

    /** @type {HTMLElement | undefined} */
    let list;
    /** @type {Row[]} */
    const rows = [];
    /** @type {Box | null} */
    let owner = null;
    let shown = 0;
    let active = 0;
    /** Whether the list was scrolled. */
    let turned = false;

    /** A count in few characters. */
    modelwise.shortCount = function (count) {
        if (count === null) return "";
        if (count < 1000) return String(count);
        if (count < 999_500) return `${count < 9950 ? (count / 1000).toFixed(1) : Math.round(count / 1000)}k`;
        return `${(count / 1e6).toFixed(1)}M`;
    };

    modelwise.list = {
        /** The number of the row that is chosen, or -1 where the list is closed. */
        active: () => (owner ? active : -1),

        /** The number of the row that something on the page belongs to; -1: the list beside its rows, null: none. */
        rowOf(node) {
            if (!list?.contains(node)) return null;
            return rows.findIndex((row) => row.element.contains(node));
        },

        /** Fill the list for a box; it is seen once it is put. `present`: those that stand in the prompt already. */
        show(box, suggestions, present) {
            const made = (list ??= make());
            suggestions.forEach((suggestion, number) => fill(rowNumber(number), suggestion, Boolean(present[number])));
            for (const row of rows.slice(suggestions.length, shown)) row.element.hidden = true;
            shown = suggestions.length;
            if (turned) made.scrollTop = 0;
            turned = false;
            if (owner !== box) enter(box);
            select(0);
        },

        /** Put the list under a place in the window, or over it where there is more room. */
        put({ left, top, height, leftwards }) {
            if (!list) return;
            const rowHeight = matchMedia("(pointer: coarse)").matches ? TOUCHED_ROW : ROW;
            const needed = Math.min(shown, SHOWN) * rowHeight + 2;
            const below = innerHeight - top - height - MARGIN;
            const under = below >= needed || below >= top - MARGIN;
            const room = Math.min(needed, under ? below : top - MARGIN);
            const width = Math.min(innerWidth - 2 * MARGIN, 32 * 16);
            const begin = leftwards ? left - width : left;
            const across = Math.max(MARGIN, Math.min(begin, innerWidth - MARGIN - width));
            const down = under ? top + height : top - innerHeight;
            Object.assign(list.style, {
                left: "0",
                top: under ? "0" : "auto",
                bottom: under ? "auto" : "0",
                transform: `translate(${across}px, ${down}px)`, // to the browser no shift of the page's layout
                maxHeight: `${room}px`,
                width: `${width}px`,
            });
            list.hidden = false;
        },

        /** Choose a row by its number; at the ends it goes round. */
        choose(number) {
            select((number + shown) % shown);
            const row = rows[active]?.element;
            if (row && list) reveal(row, list);
        },

        /** Choose a row further on, without going round. `pages`: how many pages of rows. */
        turn(pages) {
            this.choose(Math.max(0, Math.min(shown - 1, active + pages * (SHOWN - 1))));
        },

        /** Close the list. */
        hide() {
            if (list) list.hidden = true;
            leave();
        },
    };

    /** The attributes of a box that the list belongs to. */
    modelwise.introduce = function (box) {
        list ??= make();
        const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-haspopup": "listbox" };
        for (const [name, value] of Object.entries({ ...attributes, "aria-controls": list.id })) {
            box.setAttribute(name, value);
        }
        box.setAttribute("aria-expanded", String(owner === box));
    };

    function select(/** @type {number} */ number) {
        rows[active]?.element.setAttribute("aria-selected", "false");
        active = number;
        const row = rows[active]?.element;
        row?.setAttribute("aria-selected", "true");
        owner?.setAttribute("aria-activedescendant", row?.id ?? "");
    }

    function enter(/** @type {Box} */ box) {
        leave();
        owner = box;
        box.setAttribute("aria-expanded", "true");
    }

    function leave() {
        owner?.setAttribute("aria-expanded", "false");
        owner?.removeAttribute("aria-activedescendant");
        owner = null;
    }

    function make() {
        const made = document.createElement("div");
        made.id = "modelwise_suggestions";
        made.className = "modelwise-suggestions";
        made.setAttribute("role", "listbox");
        made.setAttribute("aria-label", "Suggestions");
        made.hidden = true;
        made.addEventListener("scroll", () => void (turned = true), { passive: true });
        document.body.append(made);
        return made;
    }

    /** @returns {Row} */
    function rowNumber(/** @type {number} */ number) {
        const found = rows[number];
        if (found) return found;
        const element = document.createElement("div");
        element.id = `modelwise_suggestion_${number}`;
        element.className = "modelwise-suggestion";
        element.setAttribute("role", "option");
        element.setAttribute("aria-selected", "false");
        /** @type {Record<string, HTMLElement>} */
        const parts = {};
        for (const name of PARTS) {
            const part = document.createElement("span");
            part.className = `modelwise-part-${name}`;
            parts[name] = part;
        }
        element.append(...Object.values(parts));
        list?.append(element);
        const row = { element, parts, said: {} };
        rows.push(row);
        return row;
    }

    /** Write what has changed; text from lists is never markup. */
    function fill(
        /** @type {Row} */ { element, parts, said },
        /** @type {Suggestion} */ suggestion,
        /** @type {boolean} */ present,
    ) {
        for (const [name, text] of Object.entries(wording(suggestion, present))) {
            if (said[name] === text) continue;
            said[name] = text;
            const part = parts[name];
            if (part) part.textContent = text;
            else if (name === "title") element.title = text;
            else element.dataset["look"] = text;
        }
        if (element.hidden) element.hidden = false;
    }

    /** What a row says, by its parts.
     *  @type {(suggestion: Suggestion, present: boolean) => Record<string, string>} */
    function wording({ name, look, alias, says, slot, count, model }, present) {
        const goes = slot && slot !== "general";
        return {
            present: present ? "✓" : "",
            name,
            alias: alias && `← ${alias}`,
            says: model ? `word of ${model}` : says,
            slot: goes ? `→ ${slot}` : "",
            count: modelwise.shortCount(count),
            look,
            title: [present ? "stands in the prompt already" : "", goes ? `goes to: ${slot}` : ""].filter(Boolean).join(", "),
        };
    }

    function reveal(/** @type {HTMLElement} */ row, /** @type {HTMLElement} */ made) {
        const above = row.offsetTop - made.scrollTop;
        const below = row.offsetTop + row.offsetHeight - made.clientHeight;
        if (above < 0) made.scrollTop = row.offsetTop;
        else if (below > made.scrollTop) made.scrollTop = below;
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
