// Suggestions in the prompt boxes: when they are shown, which keys take them, and how the text gets into the box.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** @typedef {{ box: Box, query: Typing, offer: Offer, present: (tag: string) => boolean }} Open */

    /** What the open list belongs to. @type {Open | null} */
    let open = null;
    /** Where the typing began that has led to the caret, and where the caret was last. */
    let typedFrom = Infinity;
    let lastCaret = -1;
    let accepting = false;

    /** Show what fits at the caret. `asked`: also where nothing is typed yet. */
    function suggest(/** @type {Box} */ box, asked = false) {
        const { selectionStart: caret, selectionEnd } = box;
        const { known } = modelwise.sources;
        if (!known || caret === null || caret !== selectionEnd) return close();
        lastCaret = caret;
        const negative = modelwise.isNegative(box);
        const queries = modelwise.typedAt(box.value, caret);
        const isShown = queries.some((query) => (asked || !isUnbegun(query)) && offered(box, query, known, negative));
        if (!isShown) {
            modelwise.foresee(box, caret);
            close();
        }
        if (queries[0]) modelwise.foreseeOffers(queries[0], known, negative); // when the list is seen to
    }

    /** Show what is offered for a query, where there is something. */
    function offered(
        /** @type {Box} */ box,
        /** @type {Typing} */ query,
        /** @type {Known} */ known,
        /** @type {boolean} */ negative,
    ) {
        const offer = modelwise.offerFor(query, known, negative);
        if (offer.seen.length) show(box, query, offer);
        return offer.seen.length > 0;
    }

    function isUnbegun(/** @type {Typing} */ query) {
        return query.kind === "tag" && !query.typed.trim();
    }

    /** @type {(box: Box, query: Typing, offer: Offer) => void} */
    function show(box, query, offer) {
        const stays = open?.box === box && open.query.start === query.start;
        const present = stays && open ? open.present : modelwise.presence(box.value, query);
        open = { box, query, offer, present };
        if (!stays) placeSoon(open); // before the rows are filled: else the page would be laid out twice
        modelwise.list.show(box, offer, present);
        modelwise.cover(box, true);
    }

    /** Put the list near to where it belongs, and before it is seen just there. */
    function placeSoon(/** @type {Open} */ { box, offer }) {
        const at = modelwise.lastPlace(box);
        if (!at) return place();
        modelwise.list.put(at, offer.seen.length);
        requestAnimationFrame(place);
    }

    // A long text that was never looked at takes a few frames.
    function place() {
        if (!open) return;
        const at = modelwise.placeOf(open.box, open.query.start);
        if (at) modelwise.list.put(at, open.offer.seen.length);
        else requestAnimationFrame(place);
    }

    function close() {
        if (!open) return;
        modelwise.cover(open.box, false);
        open = null;
        modelwise.list.hide();
    }

    function dismiss() {
        if (open) modelwise.closeBeside(open.box);
        close();
    }

    function accept() {
        const chosen = open?.offer.all()[modelwise.list.active()];
        if (!open || !chosen) return;
        const { box, query } = open;
        const caret = box.selectionStart ?? query.end;
        const { from, to, insert } = modelwise.acceptance(box.value, caret, query, chosen, {
            separator: opts["modelwise_completion_separator"] !== false,
            fresh: typedFrom <= query.start,
            weight: String(opts["extra_networks_default_multiplier"] ?? 1),
        });
        dismiss();
        accepting = true;
        modelwise.replacePart(box, from, to, insert);
        if (modelwise.listBeside(box)) updateInput(box);
        accepting = false;
        typedFrom = lastCaret = from + insert.length;
        if (chosen.used) modelwise.remember(chosen.used);
    }

    /** Replace a part of a box's text as a user would: it can be undone, and gradio hears of it. */
    modelwise.replacePart = function (box, from, to, text) {
        const before = box.value;
        const wanted = before.slice(0, from) + text + before.slice(to);
        let same = 0; // what stays is not selected, so that after an undo the user can type on
        while (from + same < to && before[from + same] === text[same]) same += 1;
        box.focus({ preventScroll: true });
        box.setSelectionRange(from + same, to);
        document.execCommand("insertText", false, text.slice(same));
        if (box.value === wanted) return;
        if (box.value === before) box.setRangeText(text, from, to, "end");
        updateInput(box);
    };

    /** What a key does while the list is open. @type {Record<string, () => void>} */
    const KEYS = {
        ArrowDown: () => modelwise.list.choose(modelwise.list.active() + 1),
        ArrowUp: () => modelwise.list.choose(modelwise.list.active() - 1),
        PageDown: () => modelwise.list.turn(1),
        PageUp: () => modelwise.list.turn(-1),
        Escape: dismiss,
    };

    function takes(/** @type {string} */ key) {
        return String(opts["modelwise_completion_keys"] ?? "Enter and Tab")
            .split(" and ")
            .includes(key);
    }

    function isHeld(/** @type {KeyboardEvent} */ { ctrlKey, altKey, metaKey, shiftKey }, asked = "") {
        const held = [ctrlKey && "ctrl", altKey && "alt", metaKey && "meta", shiftKey && "shift"];
        return held.filter(Boolean).join(" ") === asked;
    }

    function keydown(/** @type {KeyboardEvent} */ event) {
        if (event.isComposing || event.keyCode === 229) return;
        const box = modelwise.completedBox(event);
        const act = box && actOf(box, event);
        if (!act) return;
        event.preventDefault();
        event.stopImmediatePropagation(); // Escape would interrupt the WebUI, Tab would leave the box
        act();
    }

    /** What a key does in a box; nothing where it is not ours. */
    function actOf(/** @type {Box} */ box, /** @type {KeyboardEvent} */ event) {
        if (event.code === "Space" && isHeld(event, "ctrl")) {
            return () => load(box).then(() => document.activeElement === box && suggest(box, true));
        }
        if (event.key.length === 1 || open?.box !== box || !isHeld(event)) return null; // of a letter no more is asked
        return takes(event.key) ? accept : KEYS[event.key];
    }

    function input(/** @type {InputEvent} */ event) {
        if (accepting) return accepted(event);
        if (modelwise.isWriting) return close();
        const box = modelwise.completedBox(event);
        if (!box) return;
        if (!event.isTrusted || event.isComposing) return close(); // another script's, or an unfinished word
        follow(box.selectionStart ?? 0, event.inputType === "insertText" ? (event.data ?? "").length : 0);
        suggest(box);
    }

    // tagcomplete would look for what we have put in: it hears of that as of any other script's writing.
    function accepted(/** @type {InputEvent} */ event) {
        const box = /** @type {Box} */ (event.target);
        if (event.isTrusted && modelwise.listBeside(box)) event.stopImmediatePropagation();
    }

    /** Remember where the typing began: what is not one run with it begins a new one. */
    function follow(/** @type {number} */ caret, /** @type {number} */ added) {
        const goesOn = caret - added === lastCaret && Number.isFinite(typedFrom);
        if (added && !goesOn) typedFrom = caret - added;
        if (!added && (caret < typedFrom || caret > lastCaret)) typedFrom = caret;
        lastCaret = caret;
    }

    function composed(/** @type {Event} */ event) {
        const box = modelwise.completedBox(event);
        if (box) suggest(box);
    }

    /** The caret has gone elsewhere without a change of the text. */
    function moved() {
        const box = modelwise.completedBox({ target: document.activeElement });
        if (box && box.selectionStart === lastCaret) return;
        lastCaret = box?.selectionStart ?? -1;
        typedFrom = Infinity;
        close();
    }

    function load(/** @type {Box} */ box) {
        const profile = modelwise.box(`modelwise_${modelwise.tabOf(box)}_profile`, "input")?.value;
        return modelwise.loadSources(profile || "auto");
    }

    function focused(/** @type {Event} */ event) {
        const box = modelwise.completedBox(event);
        if (!box) return;
        modelwise.introduce(box);
        modelwise.forgetPlaces(box);
        lastCaret = -1;
        typedFrom = Infinity;
        modelwise.foresee(box, box.selectionStart ?? 0);
        // What was typed meanwhile has not been looked at.
        load(box).then(() => {
            if (Number.isFinite(typedFrom) && !open && document.activeElement === box) suggest(box);
        });
    }

    function pressed(/** @type {Event} */ event) {
        const row = modelwise.list.rowOf(/** @type {Node} */ (event.target));
        if (row === null) return;
        event.preventDefault(); // the box keeps the focus
        if (event.type !== "click" || row < 0) return;
        modelwise.list.choose(row);
        accept();
    }

    function scrolled(/** @type {Event} */ event) {
        if (open && modelwise.list.rowOf(/** @type {Node} */ (event.target)) === null) requestAnimationFrame(place);
    }

    function optionsChanged() {
        modelwise.forgetSources();
        modelwise.sayWhoCompletes();
        const box = modelwise.completedBox({ target: document.activeElement });
        if (box) load(box);
    }

    // One listener for all boxes, so that a box may come and go.
    function start() {
        const listeners = { keydown, input, compositionend: composed, focusin: focused, focusout: close };
        const more = { selectionchange: moved, mousedown: pressed, click: pressed, scroll: scrolled };
        for (const [type, listener] of Object.entries({ ...listeners, ...more })) {
            document.addEventListener(type, /** @type {(event: any) => void} */ (listener), true);
        }
        globalThis.addEventListener("resize", () => open && requestAnimationFrame(place));
    }

    if (typeof onUiLoaded === "function") {
        onUiLoaded(start);
        onOptionsChanged(optionsChanged);
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
