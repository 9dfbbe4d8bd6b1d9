import { serveJavaScriptCalls } from '@orderlines/task-library/javascript-child';

serveJavaScriptCalls();
