import type * as Monaco from 'monaco-editor/editor/editor.api.js';

/** What of the editor is used here. */
export type MonacoApi = typeof Monaco;

let loading: Promise<MonacoApi> | undefined;

/** The code editor, loaded when it is wanted first. */
export const monaco = (): Promise<MonacoApi> => (loading ??= load());

async function load(): Promise<MonacoApi> {
  (globalThis as { MonacoEnvironment?: object }).MonacoEnvironment = {
    getWorker: () => new Worker(new URL('./monaco.worker', import.meta.url), { type: 'module' }),
  };
  const style = document.createElement('link');
  style.rel = 'stylesheet';
  style.href = 'monaco.css';
  document.head.append(style);
  const [api] = await Promise.all([
    import('monaco-editor/editor/editor.api.js'),
    import('monaco-editor/languages/definitions/yaml/register.js'),
    import('monaco-editor/languages/definitions/shell/register.js'),
    import('monaco-editor/languages/definitions/javascript/register.js'),
    import('monaco-editor/languages/definitions/python/register.js'),
  ]);
  return api;
}
