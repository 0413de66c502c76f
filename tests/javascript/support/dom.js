// As much of a document as our scripts build with: elements, text, attributes, events that bubble, the focus.

"use strict";

const SELECTOR = /^([a-z0-9]*)((?:\.[\w-]+)*)((?:\[[\w-]+(?:='[^']*')?\])*)$/;

/** Whether an element is what a simple selector asks for: `tag.class[name='value']`. */
function matches(node, selector) {
    const [, tag, classes, attributes] = SELECTOR.exec(selector);
    const names = node.className.split(" ");
    const wanted = [...attributes.matchAll(/\[([\w-]+)(?:='([^']*)')?\]/g)];
    return (
        (!tag || node.tag === tag) &&
        classes.split(".").every((each) => !each || names.includes(each)) &&
        wanted.every(([, name, value]) => name in node.attributes && [undefined, node.attributes[name]].includes(value))
    );
}

/** Gives a document what makes elements (`createElement`) and knows the focus (`activeElement`). */
function furnish(shown) {
    Object.assign(shown, { activeElement: null, execCommand: () => false });

    class Element {
        constructor(tag) {
            Object.assign(this, { tag, className: "", attributes: {}, childNodes: [], parent: null, listeners: {} });
            this.dataset = new Proxy(this.attributes, {
                get: (all, name) => all[`data-${name}`],
                set: (all, name, value) => {
                    all[`data-${name}`] = value;
                    return true;
                },
            });
        }

        get children() {
            return this.childNodes.filter((each) => each instanceof Element);
        }

        get textContent() {
            return this.childNodes.map((each) => each.textContent).join("");
        }

        set textContent(text) {
            this.replaceChildren(text);
        }

        append(...nodes) {
            for (const node of nodes) {
                const added = typeof node === "string" ? { textContent: node } : node;
                added.parent = this;
                this.childNodes.push(added);
            }
        }

        replaceChildren(...nodes) {
            if (shown.activeElement !== this && this.contains(shown.activeElement)) shown.activeElement = null;
            this.childNodes = [];
            this.append(...nodes);
        }

        get classList() {
            const toggle = (name, on) => {
                const others = this.className.split(" ").filter((each) => each && each !== name);
                this.className = [...others, ...(on ? [name] : [])].join(" ");
            };
            return { toggle };
        }

        setAttribute(name, value) {
            this.attributes[name] = String(value);
        }

        getAttribute(name) {
            return this.attributes[name] ?? null;
        }

        contains(node) {
            return node === this || this.children.some((each) => each.contains(node));
        }

        closest(selector) {
            return matches(this, selector) ? this : (this.parent?.closest(selector) ?? null);
        }

        querySelectorAll(selector) {
            const found = this.children.flatMap((each) => [each, ...each.querySelectorAll("")]);
            return selector ? found.filter((each) => matches(each, selector)) : found;
        }

        querySelector(selector) {
            return this.querySelectorAll(selector)[0] ?? null;
        }

        addEventListener(type, listener) {
            (this.listeners[type] ??= []).push(listener);
        }

        trigger(type, more = {}) {
            const event = { type, target: this, prevented: false, ...more };
            event.preventDefault = () => (event.prevented = true);
            for (let node = this; node; node = node.parent) node.listeners[type]?.forEach((each) => each(event));
            return event;
        }

        click() {
            this.trigger("click");
        }

        remove() {
            this.parent.childNodes = this.parent.childNodes.filter((each) => each !== this);
        }

        select() {
            this.focus();
        }

        focus() {
            shown.activeElement = this;
            this.trigger("focusin");
        }
    }

    return Object.assign(shown, { createElement: (tag) => new Element(tag) });
}

module.exports = { furnish };
