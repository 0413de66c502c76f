// The Modelwise tab: each section is built when it is first seen.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** What builds each section, by its name: the section's own script puts it here.
     *  @type {Record<string, (place: HTMLElement) => void>} */
    modelwise.sections = modelwise.sections ?? {};

    /** Who wants to know of changed profiles. @type {(() => void)[]} */
    const waiting = [];

    /** Be told when the page has changed a profile. */
    modelwise.onProfilesChanged = (callback) => waiting.push(callback);

    /** A profile was changed: tell everybody, the panels too. */
    modelwise.profilesChanged = function () {
        waiting.forEach((callback) => callback());
        modelwise.panelsFollow();
    };

    /** What Generate would make may have changed: the panels look again, and so do the suggestions. */
    modelwise.panelsFollow = function () {
        modelwise.forgetSources();
        modelwise.TABS.forEach((tab) => modelwise.refresh(tab));
    };

    function fill(/** @type {HTMLElement} */ place) {
        const build = modelwise.sections[place.dataset.section ?? ""];
        if (!build || place.childElementCount) return;
        build(place);
    }

    function start() {
        const seen = new IntersectionObserver((entries) => {
            for (const { isIntersecting, target } of entries) {
                if (isIntersecting) fill(/** @type {HTMLElement} */ (target));
            }
        });
        gradioApp()
            .querySelectorAll(".modelwise-section")
            .forEach((place) => seen.observe(place));
    }

    if (typeof onUiLoaded === "function") onUiLoaded(start);
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
