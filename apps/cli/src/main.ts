import { runCommandLine } from './program.js';

// The reader of a pipe may have had enough, as in `orderlines logs … | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

// Not process.exit: what is written must get out, and a service that was started goes on.
process.exitCode = await runCommandLine(process.argv.slice(2), {
  environment: process.env,
  input: process.stdin,
  output: process.stdout,
  notices: process.stderr,
});
