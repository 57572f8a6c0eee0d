/** What VS Code gives a webview, once a page. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** May be called once a page only. */
export const acquireApi = (): VsCodeApi => acquireVsCodeApi();
