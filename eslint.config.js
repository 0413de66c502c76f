// Style of the JavaScript; `python3 dev.py lint` runs it.

"use strict";

const js = require("@eslint/js");
const { defineConfig, globalIgnores } = require("eslint/config");
const globals = require("globals");

// What the WebUI's own scripts give to those of extensions; tests/javascript/webui.d.ts has their types.
const WEBUI = {
    get_uiCurrentTab: "readonly",
    get_uiCurrentTabContent: "readonly",
    gradioApp: "readonly",
    onAfterUiUpdate: "readonly",
    onOptionsChanged: "readonly",
    onUiLoaded: "readonly",
    onUiTabChange: "readonly",
    onUiUpdate: "readonly",
    opts: "readonly",
    updateInput: "readonly",
};

module.exports = defineConfig([
    globalIgnores([".venv*/", "tests/real/files/"]),
    js.configs.recommended,
    {
        rules: {
            complexity: ["error", 10],
            curly: ["error", "multi-line"],
            "default-case-last": "error",
            eqeqeq: "error",
            "max-lines": ["error", 250],
            "no-eval": "error",
            "no-implicit-coercion": "error",
            "no-implicit-globals": "error",
            "no-implied-eval": "error",
            "no-new-func": "error",
            "no-param-reassign": "error",
            "no-promise-executor-return": "error",
            "no-return-assign": "error",
            "no-self-compare": "error",
            "no-sequences": "error",
            "no-shadow": "error",
            "no-throw-literal": "error",
            "no-unused-expressions": "error",
            "no-unused-vars": ["error", { argsIgnorePattern: "^_", caughtErrorsIgnorePattern: "^_" }],
            "no-use-before-define": ["error", { functions: false }],
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": "error",
            "prefer-template": "error",
            strict: "error",
        },
    },
    {
        // Classic scripts: all of a page's share one scope.
        files: ["javascript/**/*.js", "modelwise/workbench/static/**/*.js"],
        languageOptions: { sourceType: "script", globals: { ...globals.browser, ...WEBUI } },
    },
    {
        files: ["tests/javascript/**/*.js", "eslint.config.js"],
        languageOptions: { sourceType: "commonjs", globals: globals.node },
    },
    {
        files: ["benchmarks/**/*.mjs"],
        languageOptions: { sourceType: "module", globals: globals.nodeBuiltin },
    },
]);
