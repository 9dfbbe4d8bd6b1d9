import { Command, CommanderError, Option } from 'commander';
import { readableArguments, type KnownCommands } from './argv.js';
import { CommandError, EXIT } from './command-error.js';
import { CommandLine } from './command-line.js';
import { addApply } from './commands/apply.js';
import { addApprovals } from './commands/approvals.js';
import { addBatch } from './commands/batch.js';
import { addBuildProcess } from './commands/build-process.js';
import { addCreateUser } from './commands/create-user.js';
import { addDebug } from './commands/debug.js';
import { addDeleteProcess } from './commands/delete-process.js';
import { addExplain } from './commands/explain.js';
import { addExport } from './commands/export.js';
import { addDownload } from './commands/download.js';
import { addGet } from './commands/get.js';
import { addLogin } from './commands/login.js';
import { addLogs } from './commands/logs.js';
import { addMigrate } from './commands/migrate.js';
import { addNatsUsers } from './commands/nats-users.js';
import { addOperations } from './commands/operate-instance.js';
import { addTaskOperations } from './commands/operate-task.js';
import { addPasswd } from './commands/passwd.js';
import { addNamespaces } from './commands/namespace.js';
import { addRights } from './commands/rights.js';
import { addRoles } from './commands/role.js';
import { addSchema } from './commands/schema.js';
import { addSecret } from './commands/secret.js';
import { addAudit } from './commands/audit.js';
import { addParameter } from './commands/parameter.js';
import { addRotateKeys } from './commands/rotate-keys.js';
import { addVariable } from './commands/variable.js';
import { addVersions } from './commands/versions.js';
import { addParked } from './commands/parked.js';
import { addSessions } from './commands/sessions.js';
import { addSchedules } from './commands/schedules.js';
import { addTriggers } from './commands/triggers.js';
import { addEvent } from './commands/event.js';
import { addSeedDemo } from './commands/seed-demo.js';
import { addServices } from './commands/services.js';
import { addSignal } from './commands/signal.js';
import { addStartProcess } from './commands/start-process.js';
import { addTokens } from './commands/tokens.js';
import { addUsers } from './commands/users.js';
import { addValidate } from './commands/validate.js';
import { addWatch } from './commands/watch.js';
import { DEFAULT_SERVER } from './invocation.js';
import { FORMATS } from './output/formats.js';
import { notice, type Terminal } from './terminal.js';
import manifest from '../package.json' with { type: 'json' };

const GROUPS: readonly (readonly [string, readonly ((line: CommandLine) => void)[]])[] = [
  ['Processes:', [addBuildProcess, addValidate, addSchema, addExport, addDeleteProcess, addVersions, addApply]],
  [
    'Runs:',
    [
      addStartProcess,
      addOperations,
      addTaskOperations,
      addBatch,
      addParked,
      addApprovals,
      addSignal,
      addGet,
      addExplain,
      addDebug,
      addWatch,
      addLogs,
      addDownload,
    ],
  ],
  [
    'Access:',
    [addLogin, addPasswd, addTokens, addSessions, addCreateUser, addUsers, addRoles, addRights, addNamespaces, addSeedDemo, addSecret],
  ],
  ['Schedules and triggers:', [addSchedules, addTriggers, addEvent]],
  ['Administration:', [addVariable, addRotateKeys, addAudit, addParameter]],
  ['Services:', [addServices, addMigrate, addNatsUsers]],
];

const EPILOGUE = `
Environment:
  ORDERLINES_URL           where the server is (default: ${DEFAULT_SERVER})
  ORDERLINES_TOKEN         token to use instead of the one that \`login\` keeps
  ORDERLINES_DATABASE_URL  for \`migrate\`, \`create-super-user\` and the services

Exit codes: 0 success, 1 the run failed, 2 the input was refused, 3 the server cannot be reached or does not let you in.
A command may be cut short as long as it stays clear: \`orderlines start -p_id release\`.

Examples:
  $ orderlines login -u admin
  $ orderlines validate release.yaml
  $ orderlines build-process-by-yaml -f release.yaml
  $ orderlines start-process shop/release-web --param version=v1.2.3 --wait
  $ orderlines get instances --status RUNNING
  $ orderlines logs -f 0199c5c0-5f3e-7d60-9c4e-2f9f7d1f3a55`;

/** The program with all its commands. */
export const commandLine = (terminal: Terminal): CommandLine => {
  const root = new Command('orderlines')
    .description('Design a process, run it on a fleet of workers, watch, stop, resume and repair it.')
    .version(manifest.version)
    .option('--url <url>', 'where the server is (default: ORDERLINES_URL)')
    .addOption(new Option('-o, --output <format>', 'how to print the result').choices(FORMATS))
    .addHelpText('after', EPILOGUE)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.output.write(text),
      writeErr: (text) => void terminal.notices.write(text),
    });
  const line = new CommandLine(root, terminal);
  for (const [heading, commands] of GROUPS) {
    root.commandsGroup(heading);
    for (const add of commands) add(line);
  }
  return line;
};

/** Runs one command line (without the program's name); gives the exit code, and never throws what a person should read. */
export const runCommandLine = async (argv: readonly string[], terminal: Terminal): Promise<number> => {
  const line = commandLine(terminal);
  try {
    if (argv.length === 0) line.root.help({ error: true });
    await line.root.parseAsync(readableArguments(argv, knownCommands(line.root)), { from: 'user' });
    return line.exitCode;
  } catch (error) {
    return tell(terminal, error);
  }
};

const knownCommands = (root: Command): KnownCommands => ({
  commands: root.commands.map((command) => [command.name(), ...command.aliases()]),
  valueOptions: root.options
    .filter(({ required }) => required)
    .flatMap(({ short, long }) => [short, long].filter((flag) => flag !== undefined && flag !== null)),
  untouched: ['standalone'],
});

/** Says on the terminal what went wrong, and gives the exit code for it. */
const tell = (terminal: Terminal, error: unknown): number => {
  // Commander has said it already; its own errors are wrong usage, all else is `--help` and `--version`.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.success : EXIT.refused;
  if (error instanceof CommandError) {
    notice(terminal, `orderlines: ${error.message}`);
    if (error.advice) notice(terminal, `  → ${error.advice}`);
    return error.exitCode;
  }
  notice(terminal, `orderlines: a fault of this program: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return EXIT.fault;
};
