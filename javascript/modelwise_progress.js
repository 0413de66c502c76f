// Work that goes on at the server: a bar that says how far it is, asked for again until it ends. And a question
// before something is taken away.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const PAUSE = 400; // milliseconds between two questions
    const MOST_FAILURES = 5; // a server that is being started again answers soon

    /** A bar with its words; hidden until something goes on. */
    modelwise.progressBar = function (name) {
        const { element: make } = modelwise;
        const bar = /** @type {HTMLProgressElement} */ (make("progress", "modelwise-bar", [], { "aria-label": name }));
        const words = make("span", "");
        const whole = make("div", "modelwise-progress", [bar, words]);
        whole.hidden = true;
        return {
            element: whole,
            show(progress, unit) {
                whole.hidden = progress.state !== "running";
                if (progress.total) {
                    bar.max = progress.total;
                    bar.value = progress.done;
                } else {
                    bar.removeAttribute("value");
                }
                words.textContent = modelwise.progressWords(progress, unit);
            },
        };
    };

    /** How far something is, in words. */
    modelwise.progressWords = function ({ done, total }, unit) {
        const number = (/** @type {number} */ value) =>
            unit === "MB" ? (value / 1e6).toFixed(1) : modelwise.count(value);
        return `${number(done)}${total ? ` of ${number(total)}` : ""} ${unit}`;
    };

    /** A number with a sign between its thousands. */
    modelwise.count = (value) => value.toLocaleString("en-US");

    /** Ask again until the work has ended or its place has left the page. `show`: called with each answer. */
    modelwise.follow = async function (place, ask, show) {
        for (let failures = 0; place.isConnected; ) {
            const answer = await ask().catch((/** @type {Error} */ error) => {
                failures += 1;
                if (failures === MOST_FAILURES) throw error;
                return null;
            });
            if (answer) {
                failures = 0;
                show(answer);
                if (answer.progress.state !== "running") return;
            }
            await new Promise((done) => {
                setTimeout(done, PAUSE);
            });
        }
    };

    /** A button that asks before it does something; who says no is back at the button. */
    modelwise.askingButton = function (label, question, act, title = "") {
        const { element: make } = modelwise;
        const place = make("span", "modelwise-asking");
        const button = modelwise.button(label, ask, title);

        function back() {
            place.replaceChildren(button);
            button.focus();
        }

        function ask() {
            const no = modelwise.button("No", back);
            const yes = modelwise.button("Yes", () => {
                back();
                act();
            });
            place.replaceChildren(make("span", "", question), yes, no);
            no.focus();
        }

        place.addEventListener("keydown", (event) => {
            if (event.key === "Escape" && !place.contains(button)) back();
        });
        place.append(button);
        return place;
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
