// Where a place in the text of a box is in the window, with the box's wrapping, scrolling and size.
//
// The text is laid out once more in a hidden mirror. Only from a known line start near the place: what stands before
// it is remembered, so that neither a key press nor a page of text costs more than the last lines.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const PART = 2000; // characters laid out at a time
    const PARTS = 2; // at a call
    const WORD = 60; // characters of a word behind the place that matter for wrapping
    const COPIED = [
        ...["direction", "fontFamily", "fontSize", "fontStyle", "fontVariant", "fontWeight", "fontStretch"],
        ...["fontFeatureSettings", "fontKerning", "letterSpacing", "lineHeight", "tabSize", "textAlign", "textIndent"],
        ...["textTransform", "wordBreak", "wordSpacing", "overflowWrap", "whiteSpace", "lineBreak", "unicodeBidi"],
    ];

    /** @typedef {{ offset: number, top: number }} LineStart A line that begins at `offset`, `top` pixels down */
    /** @typedef {{ text: string, look: string, lines: LineStart[], line: number, left: number, top: number }} Known */

    /** What is known of each box. @type {WeakMap<Box, Known>} */
    const boxes = new WeakMap();
    /** @type {HTMLElement | undefined} */
    let mirror;
    /** The box that the mirror looks like now. @type {Box | undefined} */
    let mirrored;

    /** The place that was found last. @type {{ box: Box, place: Place } | null} */
    let latest = null;

    /** Look for a place while nothing else is to be done, until it is known or the box is left. */
    modelwise.foresee = function (box, offset) {
        modelwise.whenIdle(() => {
            if (document.activeElement !== box || box.selectionStart !== offset) return;
            if (!modelwise.placeOf(box, offset)) modelwise.foresee(box, offset);
        });
    };

    /** The place of a box that was found last. It may be wrong by now, and takes no time: the page is not laid out for it. */
    modelwise.lastPlace = function (box) {
        return latest?.box === box ? latest.place : null;
    };

    /** Look at a box anew: its style may have changed. */
    modelwise.forgetPlaces = function (box) {
        boxes.delete(box);
        if (mirrored === box) mirrored = undefined;
    };

    /** Where a place of a box's text is; null where a long text needs another call first. */
    modelwise.placeOf = function (box, offset) {
        const known = current(box);
        dress(box, known);
        let start = nearest(known, box.value, offset);
        for (let part = 0; offset - start.offset > PART; part += 1) {
            if (part === PARTS) return null;
            start = nextLine(known, start);
            known.lines.push(start);
        }
        const { left, right, top } = rectangle(known, start, offset);
        const outer = box.getBoundingClientRect();
        const scale = box.offsetWidth ? outer.width / box.offsetWidth : 1;
        const leftwards = getComputedStyle(box).direction === "rtl";
        const inline = leftwards ? right : left;
        const x = outer.left + (box.clientLeft + known.left + inline - box.scrollLeft) * scale;
        const y = outer.top + (box.clientTop + known.top + start.top + top - box.scrollTop) * scale;
        const height = known.line * scale;
        const inside = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) =>
            Math.min(Math.max(value, low), Math.max(low, high));
        const corner = { left: inside(x, outer.left, outer.right), top: inside(y, outer.top, outer.bottom - height) };
        const place = { ...corner, height, leftwards, windowWidth: innerWidth, windowHeight: innerHeight };
        latest = { box, place };
        return place;
    };

    /** What is known of a box, as far as it still holds. @returns {Known} */
    function current(/** @type {Box} */ box) {
        const style = getComputedStyle(box);
        const look = [box.clientWidth, globalThis.devicePixelRatio, style.direction, style.font].join(" ");
        const found = boxes.get(box);
        if (found?.look === look) return found;
        const known = {
            text: "",
            look,
            lines: [{ offset: 0, top: 0 }],
            line: parseFloat(style.lineHeight) || parseFloat(style.fontSize) * 1.2,
            left: parseFloat(style.paddingLeft),
            top: parseFloat(style.paddingTop),
        };
        boxes.set(box, known);
        mirrored = undefined;
        return known;
    }

    /** Make the mirror look like the box. */
    function dress(/** @type {Box} */ box, /** @type {Known} */ known) {
        if (!mirror) {
            mirror = document.createElement("div");
            mirror.className = "modelwise-mirror";
            mirror.setAttribute("aria-hidden", "true");
            mirror.append(document.createTextNode(""));
            document.body.append(mirror);
        }
        if (mirrored === box) return;
        mirrored = box;
        const style = /** @type {Record<string, any>} */ (getComputedStyle(box));
        const own = /** @type {Record<string, any>} */ (mirror.style);
        for (const name of COPIED) own[name] = style[name];
        mirror.style.width = `${box.clientWidth - known.left - parseFloat(style["paddingRight"])}px`;
    }

    /** The last known line start before a place, of those that what was written since has not moved.
     *  @returns {LineStart} */
    function nearest(/** @type {Known} */ known, /** @type {string} */ text, /** @type {number} */ offset) {
        while (known.lines.length > 1 && !holds(known, text)) known.lines.pop();
        known.text = text;
        const first = { offset: 0, top: 0 };
        return known.lines.reduce((last, line) => (line.offset <= offset ? line : last), first);
    }

    function holds(/** @type {Known} */ known, /** @type {string} */ text) {
        const end = (known.lines.at(-1)?.offset ?? 0) + WORD;
        return text.startsWith(known.text.slice(0, end));
    }

    function lay(/** @type {string} */ text) {
        const node = /** @type {Text} */ (mirror?.firstChild);
        if (node.data !== text) node.data = text;
        return node;
    }

    /** The start of a line towards the end of the next part. The one before the last: a word cut in two at the
     *  part's end may go down a line with its other half. @returns {LineStart} */
    function nextLine(/** @type {Known} */ known, /** @type {LineStart} */ start) {
        const node = lay(known.text.slice(start.offset, start.offset + PART));
        const top = (/** @type {number} */ at) => rectangleAt(node, at).top;
        const wanted = top(PART - 1) - 1.5 * known.line;
        let low = 0;
        for (let high = PART - 1; low < high; ) {
            const middle = (low + high) >> 1;
            if (top(middle) < wanted) low = middle + 1;
            else high = middle;
        }
        return { offset: start.offset + low, top: start.top + top(low) - top(0) };
    }

    /** A place's rectangle, from the mirror's corner. */
    function rectangle(/** @type {Known} */ known, /** @type {LineStart} */ start, /** @type {number} */ offset) {
        const word = /^\S*/.exec(known.text.slice(offset, offset + WORD))?.[0] || ".";
        return rectangleAt(lay(known.text.slice(start.offset, offset) + word), offset - start.offset);
    }

    function rectangleAt(/** @type {Text} */ node, /** @type {number} */ at) {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        const corner = mirror?.getBoundingClientRect() ?? new DOMRect();
        const found = range.getClientRects()[0] ?? range.getBoundingClientRect();
        return { left: found.left - corner.left, right: found.right - corner.left, top: found.top - corner.top };
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
