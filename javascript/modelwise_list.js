// The list of suggestions beside the caret: a listbox whose rows are made once and filled again for each key,
// those that are seen at once; the others are seen to when nothing else is to be done.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const SHOWN = 8; // rows that are seen without scrolling
    const ROW = 28; // pixels; style.css has the same
    const TOUCHED_ROW = 44;
    const MARGIN = 8; // pixels to the window's edges

    /** @typedef {{ offer: Offer, fill: (suggestion: Suggestion, row: number) => void }} Content */

    /** Whether fingers choose. @type {MediaQueryList | undefined} */
    let coarse;
    /** @type {HTMLElement | undefined} */
    let list;
    /** @type {SuggestionRow[]} */
    const rows = [];
    /** @type {Box | null} */
    let owner = null;
    let shown = 0;
    let active = 0;
    /** Its height in pixels. */
    let tall = 0;
    /** What is to be in the rows that are not seen yet. @type {Content | null} */
    let unseen = null;
    /** Whether the list was scrolled. */
    let turned = false;

    modelwise.list = {
        seen: SHOWN,

        /** The number of the row that is chosen, or -1 where the list is closed. */
        active: () => (owner ? active : -1),

        /** The number of the row that something on the page belongs to; -1: the list beside its rows, null: none. */
        rowOf(node) {
            if (!list?.contains(node)) return null;
            return rows.findIndex((row) => row.element.contains(node));
        },

        /** Fill the list for a box; it is seen once it is put. `present`: whether a tag stands in the prompt already. */
        show(box, offer, present) {
            const made = (list ??= make());
            const isCounted = offer.seen.some(({ count }) => count !== null);
            const fill = (/** @type {Suggestion} */ suggestion, /** @type {number} */ number) =>
                modelwise.fillRow(rowNumber(number), suggestion, present(suggestion.text), isCounted);
            offer.seen.forEach(fill);
            shown = offer.seen.length;
            const height = heightOf(shown);
            if (height !== tall) made.style.height = `${(tall = height)}px`;
            if (!unseen) modelwise.whenIdle(settle);
            unseen = { offer, fill };
            if (turned) made.scrollTop = 0;
            turned = false;
            if (owner !== box) enter(box);
            select(0);
        },

        /** Put the list under a place in the window, or over it where there is more room. `count`: of its rows. */
        put({ left, top, height, leftwards, windowWidth, windowHeight }, count) {
            list ??= make();
            const needed = heightOf(count);
            const below = windowHeight - top - height - MARGIN;
            const under = below >= needed || below >= top - MARGIN;
            const room = under ? below : top - MARGIN;
            const width = Math.min(windowWidth - 2 * MARGIN, 32 * 16);
            const begin = leftwards ? left - width : left;
            const across = Math.max(MARGIN, Math.min(begin, windowWidth - MARGIN - width));
            const down = under ? top + height : top - windowHeight;
            Object.assign(list.style, {
                left: "0",
                top: under ? "0" : "auto",
                bottom: under ? "auto" : "0",
                transform: `translate(${across}px, ${down}px)`, // to the browser no shift of the page's layout
                maxHeight: `${room}px`,
                width: `${width}px`,
            });
            write(list, "aria-hidden", "false");
        },

        /** Choose a row by its number; at the ends it goes round. */
        choose(number) {
            settle();
            select((number + shown) % shown);
            const row = rows[active]?.element;
            if (row && list) reveal(row, list);
        },

        /** Choose a row further on, without going round. `pages`: how many pages of rows. */
        turn(pages) {
            settle();
            this.choose(Math.max(0, Math.min(shown - 1, active + pages * (SHOWN - 1))));
        },

        /** Close the list. */
        hide() {
            if (list) write(list, "aria-hidden", "true");
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

    /** See to what is not seen at once: the rows further down, those that nothing is left for, and the titles. */
    function settle() {
        if (!unseen) return;
        const { offer, fill } = unseen;
        unseen = null;
        const all = offer.all();
        for (let number = offer.seen.length; number < all.length; number += 1) fill(/** @type {Suggestion} */ (all[number]), number);
        shown = all.length;
        all.forEach((suggestion, number) => modelwise.entitleRow(rowNumber(number), suggestion));
        for (const { element } of rows.slice(shown)) if (!element.hidden) element.hidden = true;
    }

    /** Of the list with so many rows, in pixels; the others are behind its lower edge. */
    function heightOf(/** @type {number} */ count) {
        coarse ??= matchMedia("(pointer: coarse)");
        return Math.min(count, SHOWN) * (coarse.matches ? TOUCHED_ROW : ROW) + 2;
    }

    function select(/** @type {number} */ number) {
        if (number !== active) mark(active, "false");
        active = number;
        mark(active, "true");
        if (owner) write(owner, "aria-activedescendant", rows[active]?.element.id ?? "");
    }

    function mark(/** @type {number} */ number, /** @type {string} */ selected) {
        const row = rows[number];
        if (row) write(row.element, "aria-selected", selected);
    }

    /** Write an attribute if it has changed: the browser looks at the styles again each time. */
    function write(/** @type {HTMLElement} */ element, /** @type {string} */ name, /** @type {string} */ value) {
        if (element.getAttribute(name) !== value) element.setAttribute(name, value);
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
        made.setAttribute("aria-hidden", "true"); // closed; style.css says why it is not taken off the page
        made.addEventListener("scroll", () => void (turned = true), { passive: true });
        made.addEventListener("wheel", settle, { passive: true });
        made.addEventListener("touchstart", settle, { passive: true });
        document.body.append(made);
        return made;
    }

    /** @returns {SuggestionRow} */
    function rowNumber(/** @type {number} */ number) {
        const found = rows[number];
        if (found) return found;
        const made = modelwise.suggestionRow(number);
        list?.append(made.element);
        rows.push(made);
        return made;
    }

    function reveal(/** @type {HTMLElement} */ row, /** @type {HTMLElement} */ made) {
        const above = row.offsetTop - made.scrollTop;
        const below = row.offsetTop + row.offsetHeight - made.clientHeight;
        if (above < 0) made.scrollTop = row.offsetTop;
        else if (below > made.scrollTop) made.scrollTop = below;
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
