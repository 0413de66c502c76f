// What a page gives to our scripts: the WebUI's globals (its script.js and javascript/ui.js), and our own.

/** The page, or the part of it that is gradio's. */
declare function gradioApp(): ParentNode;
/** Tell gradio that a script has written into a box. */
declare function updateInput(target: HTMLElement): void;
declare function onUiLoaded(callback: () => void): void;
declare function onUiUpdate(callback: (changes: MutationRecord[]) => void): void;
declare function onAfterUiUpdate(callback: () => void): void;
declare function onOptionsChanged(callback: () => void): void;
declare function onUiTabChange(callback: () => void): void;
declare function get_uiCurrentTab(): HTMLElement | null;
declare function get_uiCurrentTabContent(): HTMLElement | null;
/** The WebUI's options; which there are depends on its version and extensions. */
declare var opts: Record<string, unknown>;

type Tab = "txt2img" | "img2img";
type Box = HTMLInputElement | HTMLTextAreaElement;

/** Our one global: what the scripts have for each other and for the tests. */
interface Modelwise {
    fieldOf(tab: Tab, id: string): string | null;
    changes(type: string, isOption: boolean, key: string | undefined): boolean;
    filledTab(id: string, inside: Tab | null): Tab | null;
}
declare var modelwise: Modelwise;

/** What the workbench's page has for its own server. */
interface ModelwiseWorkbench {
    optionsChanged(): void;
    openTab(title: string): void;
    openAccordion(id: string, on: boolean): void;
}
declare var modelwiseWorkbench: ModelwiseWorkbench;
