// Questions to our server: JSON there and back, apart from gradio and its queue.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const NOT_READY = 404; // the page can be there before the routes are
    const PATIENCE = [300, 1000, 3000]; // milliseconds before each further try

    /** An answer that is an error, in the server's words. */
    function said(/** @type {unknown} */ answer, /** @type {number} */ status) {
        const error = /** @type {{ error?: string } | null} */ (answer)?.error;
        return new Error(error ?? `Modelwise's server answers with ${status}`);
    }

    const pause = (/** @type {number} */ milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

    /** Ask one of our routes; `body` null asks without one. Throws an Error that can be shown. */
    modelwise.request = async function (route, body = null, signal = undefined) {
        // Relative to the page: the host may be served under a path of its own.
        const address = `modelwise/v1/${route}`;
        const sent = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
        const options = body === null ? { signal } : { ...sent, signal };
        for (let tries = 0; ; tries += 1) {
            const response = await fetch(address, options);
            const answer = await response.json().catch(() => null);
            if (response.ok) return answer;
            const ours = answer !== null && typeof answer === "object" && "error" in answer;
            if (response.status !== NOT_READY || ours || tries >= PATIENCE.length) throw said(answer, response.status);
            await pause(PATIENCE[tries] ?? 0);
            signal?.throwIfAborted();
        }
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
