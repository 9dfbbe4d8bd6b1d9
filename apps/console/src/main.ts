import { bootstrapApplication } from '@angular/platform-browser';
import { Console } from './app/console.js';
import { consoleConfig } from './app/console.config.js';

bootstrapApplication(Console, consoleConfig).catch((error: unknown) => console.error(error));
