import type { TaskTypeManifest } from './plugin-manifest.js';

/** Manifests of the task types every worker has; written by `node libs/task-library/tools/write-catalogue.mjs`. */
export const standardTaskTypes: readonly TaskTypeManifest[] = [
  {
    name: 'shell',
    version: '1.0.0',
    category: 'script',
    icon: 'console-sql',
    order: 10,
    title: {
      en: 'Shell',
      zh: 'Shell 命令',
    },
    description: {
      en: 'Runs shell commands.',
      zh: '运行 shell 命令。',
    },
    help: {
      en: 'Runs by bash, or by sh where there is no bash. An exit code other than 0 fails the task.\n\nLines `key=value` (or one JSON object) in `$ORDERLINES_RESULT` become the result, lines `name=value` in `$ORDERLINES_VARIABLES` set process variables, `$ORDERLINES_INPUT` is a JSON file with `params` and `variables`.\n\nEverything the commands start ends with the task, also in the background. What has to live on is started with `env -u ORDERLINES_COMMAND setsid …`.\n\n```yaml\n- id: pack\n  uses: shell\n  with:\n    cwd: web\n    env: { VERSION: "${{ params.version }}" }\n    command: |\n      make dist\n      echo "sha256=$(sha256sum dist.tgz | cut -d" " -f1)" >> "$ORDERLINES_RESULT"\n```',
      zh: '使用 bash 运行，没有 bash 时使用 sh。退出码不为 0 时任务失败。\n\n写入 `$ORDERLINES_RESULT` 的 `key=value` 行（或一个 JSON 对象）成为结果；写入 `$ORDERLINES_VARIABLES` 的 `name=value` 行设置流程变量；`$ORDERLINES_INPUT` 是包含 `params` 和 `variables` 的 JSON 文件。\n\n命令启动的所有进程（包括后台进程）都随任务一起结束。需要继续运行的进程请用 `env -u ORDERLINES_COMMAND setsid …` 启动。\n\n```yaml\n- { id: build, uses: shell, with: { command: make, cwd: web } }\n```',
    },
    inputs: {
      type: 'object',
      properties: {
        command: {
          type: 'string',
          minLength: 1,
          'x-editor': 'shell',
          title: 'Command',
          description: 'Commands, one or many lines.',
          'x-i18n': {
            zh: {
              title: '命令',
              description: '一行或多行命令。',
            },
          },
        },
        cwd: {
          type: 'string',
          minLength: 1,
          title: 'Folder',
          description: 'Folder to run in, relative to the work folder.',
          'x-i18n': {
            zh: {
              title: '目录',
              description: '运行目录，相对于工作目录。',
            },
          },
        },
        env: {
          type: 'object',
          additionalProperties: {
            type: ['string', 'number', 'boolean', 'array', 'object'],
          },
          propertyNames: {
            pattern: '^[A-Za-z_]\\w*$',
          },
          title: 'Environment',
          description: 'Environment variables; lists and maps are passed as JSON. This is the safe way for values of the run.',
          'x-i18n': {
            zh: {
              title: '环境变量',
              description: '环境变量；列表和字典以 JSON 传入。这是传递运行数据的安全方式。',
            },
          },
        },
      },
      required: ['command'],
      additionalProperties: false,
    },
    results: {
      type: 'object',
      properties: {
        exitCode: {
          type: 'integer',
          title: 'Exit code',
          'x-i18n': {
            zh: {
              title: '退出码',
            },
          },
        },
        output: {
          title: 'Output',
          description: 'The last 64 KiB of standard output.',
          'x-i18n': {
            zh: {
              title: '输出',
              description: '标准输出的最后 64 KiB。',
            },
          },
        },
      },
      required: ['exitCode', 'output'],
      additionalProperties: true,
    },
    idempotent: false,
    cancel: false,
    wantsVariables: true,
    hooks: [],
  },
  {
    name: 'script',
    version: '1.0.0',
    category: 'script',
    icon: 'code',
    order: 20,
    title: {
      en: 'Script',
      zh: '脚本',
    },
    description: {
      en: 'Runs a script in bash, Node or Python 3.',
      zh: '运行 bash、Node 或 Python 3 脚本。',
    },
    help: {
      en: 'Node and Python scripts have `get_variable(key)` and `set_variable(key, value)`. Results, variables and exit code work as in `shell`.\n\n```yaml\n- id: count\n  uses: script\n  with:\n    language: python3\n    code: |\n      set_variable("rows", get_variable("rows") + 1)\n```',
      zh: 'Node 和 Python 脚本可使用 `get_variable(key)` 与 `set_variable(key, value)`。结果、变量和退出码与 `shell` 相同。\n\n```yaml\n- id: count\n  uses: script\n  with:\n    language: python3\n    code: |\n      set_variable("rows", get_variable("rows") + 1)\n```',
    },
    inputs: {
      type: 'object',
      properties: {
        language: {
          enum: ['bash', 'node', 'python3'],
          title: 'Language',
          description: 'The interpreter; it must be installed on the worker.',
          'x-i18n': {
            zh: {
              title: '语言',
              description: '解释器，必须已安装在工作节点上。',
            },
          },
        },
        code: {
          type: 'string',
          minLength: 1,
          'x-editor': 'code',
          title: 'Code',
          description: 'The script.',
          'x-i18n': {
            zh: {
              title: '代码',
              description: '脚本内容。',
            },
          },
        },
        args: {
          type: 'array',
          items: {
            type: 'string',
          },
          maxItems: 100,
          title: 'Arguments',
          description: 'Arguments of the script.',
          'x-i18n': {
            zh: {
              title: '参数',
              description: '脚本的命令行参数。',
            },
          },
        },
        cwd: {
          type: 'string',
          minLength: 1,
          title: 'Folder',
          description: 'Folder to run in, relative to the work folder.',
          'x-i18n': {
            zh: {
              title: '目录',
              description: '运行目录，相对于工作目录。',
            },
          },
        },
        env: {
          type: 'object',
          additionalProperties: {
            type: ['string', 'number', 'boolean', 'array', 'object'],
          },
          propertyNames: {
            pattern: '^[A-Za-z_]\\w*$',
          },
          title: 'Environment',
          description: 'Environment variables; lists and maps are passed as JSON. This is the safe way for values of the run.',
          'x-i18n': {
            zh: {
              title: '环境变量',
              description: '环境变量；列表和字典以 JSON 传入。这是传递运行数据的安全方式。',
            },
          },
        },
      },
      required: ['language', 'code'],
      additionalProperties: false,
    },
    results: {
      type: 'object',
      properties: {
        exitCode: {
          type: 'integer',
          title: 'Exit code',
          'x-i18n': {
            zh: {
              title: '退出码',
            },
          },
        },
        output: {
          title: 'Output',
          description: 'The last 64 KiB of standard output.',
          'x-i18n': {
            zh: {
              title: '输出',
              description: '标准输出的最后 64 KiB。',
            },
          },
        },
      },
      required: ['exitCode', 'output'],
      additionalProperties: true,
    },
    idempotent: false,
    cancel: false,
    wantsVariables: true,
    hooks: [],
  },
  {
    name: 'javascript',
    version: '1.0.0',
    category: 'script',
    icon: 'thunderbolt',
    order: 30,
    title: {
      en: 'JavaScript',
      zh: 'JavaScript',
    },
    description: {
      en: 'Runs a few lines of JavaScript quickly.',
      zh: '快速运行一段 JavaScript 代码。',
    },
    help: {
      en: 'The code is the body of an async function; the object it returns is the result (any other value becomes `{ value }`). It sees `args`, `params`, `variables`, `setVariable(name, value)`, `console` and `fetch`.\n\nIt reaches no files, modules or programs; scripts that need them use `script` with `language: node`.\n\n```yaml\n- id: price\n  uses: javascript\n  with:\n    args: { net: "${{ vars.net }}" }\n    code: |\n      return { gross: args.net * 1.19 };\n```',
      zh: '代码是一个异步函数的函数体；返回的对象即结果（其他值变为 `{ value }`）。可使用 `args`、`params`、`variables`、`setVariable(name, value)`、`console` 和 `fetch`。\n\n代码无法访问文件、模块或程序；需要它们的脚本请使用 `script` 并设置 `language: node`。\n\n```yaml\n- { id: sum, uses: javascript, with: { code: "return { total: 1 + 2 };" } }\n```',
    },
    inputs: {
      type: 'object',
      properties: {
        code: {
          type: 'string',
          minLength: 1,
          'x-editor': 'javascript',
          title: 'Code',
          description: 'Body of an async function.',
          'x-i18n': {
            zh: {
              title: '代码',
              description: '异步函数的函数体。',
            },
          },
        },
        args: {
          type: 'object',
          title: 'Arguments',
          description: 'Values the code sees as `args`; the safe way for values of the run.',
          'x-i18n': {
            zh: {
              title: '参数',
              description: '代码中以 `args` 访问的值；传递运行数据的安全方式。',
            },
          },
        },
      },
      required: ['code'],
      additionalProperties: false,
    },
    results: {
      type: 'object',
    },
    idempotent: false,
    cancel: false,
    wantsVariables: true,
    hooks: [],
  },
  {
    name: 'http.request',
    version: '1.0.0',
    category: 'network',
    icon: 'global',
    order: 10,
    title: {
      en: 'HTTP request',
      zh: 'HTTP 请求',
    },
    description: {
      en: 'Calls an address and gives status, headers and body.',
      zh: '调用一个地址，返回状态、头和正文。',
    },
    help: {
      en: 'A body of JSON is parsed, any other is text; at most 64 MiB. A status that is not expected (default: 2xx) fails the task and keeps the answer.\n\n```yaml\n- { id: health, uses: http.request, with: { url: "https://shop.local/health" }, timeout: 10s, retry: { limit: 3, delay: 2s } }\n```',
      zh: 'JSON 正文会被解析，其他为文本；最多 64 MiB。非预期状态（默认 2xx）使任务失败并保留响应。\n\n```yaml\n- { id: health, uses: http.request, with: { url: "https://shop.local/health" }, timeout: 10s }\n```',
    },
    inputs: {
      type: 'object',
      properties: {
        url: {
          type: 'string',
          minLength: 1,
          maxLength: 8000,
          title: 'Address',
          description: 'http or https.',
          'x-i18n': {
            zh: {
              title: '地址',
              description: 'http 或 https 地址。',
            },
          },
        },
        method: {
          enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
          default: 'GET',
          title: 'Method',
          description: 'GET unless said otherwise.',
          'x-i18n': {
            zh: {
              title: '方法',
              description: '默认为 GET。',
            },
          },
        },
        headers: {
          type: 'object',
          additionalProperties: {
            type: ['string', 'number', 'boolean'],
          },
          propertyNames: {
            pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
          },
          title: 'Headers',
          description: 'Headers of the request.',
          'x-i18n': {
            zh: {
              title: '请求头',
              description: '请求的头。',
            },
          },
        },
        query: {
          type: 'object',
          additionalProperties: {
            type: ['string', 'number', 'boolean'],
          },
          title: 'Query',
          description: 'Added to the address, encoded.',
          'x-i18n': {
            zh: {
              title: '查询参数',
              description: '编码后附加到地址。',
            },
          },
        },
        body: {
          type: 'string',
          title: 'Body',
          description: 'Text that is sent.',
          'x-i18n': {
            zh: {
              title: '正文',
              description: '发送的文本。',
            },
          },
        },
        json: {
          title: 'JSON',
          description: 'Value that is sent as JSON; instead of body.',
          'x-i18n': {
            zh: {
              title: 'JSON',
              description: '以 JSON 发送的值，代替正文。',
            },
          },
        },
        expect: {
          anyOf: [
            {
              type: 'integer',
              minimum: 100,
              maximum: 599,
            },
            {
              type: 'array',
              items: {
                anyOf: [
                  {
                    type: 'integer',
                    minimum: 100,
                    maximum: 599,
                  },
                  {
                    type: 'string',
                    pattern: '^[1-5]xx$',
                  },
                ],
              },
              minItems: 1,
            },
          ],
          title: 'Expected status',
          description: 'A status, or a list such as [200, 404, 3xx]; default 2xx.',
          'x-i18n': {
            zh: {
              title: '预期状态',
              description: '一个状态码，或列表如 [200, 404, 3xx]；默认 2xx。',
            },
          },
        },
        redirects: {
          type: 'integer',
          minimum: 0,
          maximum: 20,
          default: 5,
          title: 'Redirects',
          description: 'How many are followed at most.',
          'x-i18n': {
            zh: {
              title: '重定向',
              description: '最多跟随的次数。',
            },
          },
        },
        timeoutSeconds: {
          type: 'number',
          exclusiveMinimum: 0,
          maximum: 86400,
          default: 60,
          title: 'Time limit',
          description: 'Seconds for the whole call.',
          'x-i18n': {
            zh: {
              title: '时限',
              description: '整个请求的秒数上限。',
            },
          },
        },
      },
      required: ['url'],
      additionalProperties: false,
    },
    results: {
      type: 'object',
      properties: {
        status: {
          type: 'integer',
          title: 'Status',
        },
        url: {
          type: 'string',
          title: 'Address that answered',
        },
        headers: {
          type: 'object',
          title: 'Headers, names in lower case',
        },
        body: {
          title: 'JSON or text',
        },
      },
      required: ['status', 'headers', 'body'],
      additionalProperties: false,
    },
    idempotent: false,
    cancel: false,
    wantsVariables: false,
    hooks: [],
  },
  {
    name: 'email.send',
    version: '1.0.0',
    category: 'notice',
    icon: 'mail',
    order: 10,
    title: {
      en: 'Send mail',
      zh: '发送邮件',
    },
    description: {
      en: 'Sends a mail by the SMTP server of the worker.',
      zh: '通过工作节点的 SMTP 服务器发送邮件。',
    },
    help: {
      en: 'Without `to` the mail goes to the receivers of the worker\'s settings. On a worker without SMTP settings nothing is sent and `sent` is false.\n\n```yaml\n- { id: tell, uses: email.send, with: { to: [oncall@shop.local], subject: "released", text: "${{ run.url }}" } }\n```',
      zh: '未填写 `to` 时发送给工作节点设置中的收件人。工作节点没有 SMTP 设置时不发送，`sent` 为 false。\n\n```yaml\n- { id: tell, uses: email.send, with: { to: [oncall@shop.local], subject: "已发布", text: "${{ run.url }}" } }\n```',
    },
    inputs: {
      type: 'object',
      properties: {
        to: {
          anyOf: [
            {
              type: 'string',
              minLength: 1,
            },
            {
              type: 'array',
              items: {
                type: 'string',
                minLength: 1,
              },
              maxItems: 200,
            },
          ],
          title: 'To',
          description: 'One receiver or a list.',
          'x-i18n': {
            zh: {
              title: '收件人',
              description: '一个或多个收件人。',
            },
          },
        },
        cc: {
          anyOf: [
            {
              type: 'string',
              minLength: 1,
            },
            {
              type: 'array',
              items: {
                type: 'string',
                minLength: 1,
              },
              maxItems: 200,
            },
          ],
          title: 'Copy',
          description: 'Receivers of a copy.',
          'x-i18n': {
            zh: {
              title: '抄送',
              description: '抄送收件人。',
            },
          },
        },
        bcc: {
          anyOf: [
            {
              type: 'string',
              minLength: 1,
            },
            {
              type: 'array',
              items: {
                type: 'string',
                minLength: 1,
              },
              maxItems: 200,
            },
          ],
          title: 'Blind copy',
          description: 'Receivers that the others do not see.',
          'x-i18n': {
            zh: {
              title: '密送',
              description: '密送收件人。',
            },
          },
        },
        from: {
          type: 'string',
          minLength: 1,
          title: 'From',
          description: "Sender; default: that of the worker's settings.",
          'x-i18n': {
            zh: {
              title: '发件人',
              description: '默认为工作节点设置中的发件人。',
            },
          },
        },
        subject: {
          type: 'string',
          maxLength: 1000,
          title: 'Subject',
          description: 'One line.',
          'x-i18n': {
            zh: {
              title: '主题',
              description: '一行文字。',
            },
          },
        },
        text: {
          type: 'string',
          title: 'Text',
          description: 'Plain text of the mail.',
          'x-i18n': {
            zh: {
              title: '正文',
              description: '邮件的纯文本正文。',
            },
          },
        },
        html: {
          type: 'string',
          title: 'HTML',
          description: 'The mail as HTML, beside or instead of the text.',
          'x-i18n': {
            zh: {
              title: 'HTML',
              description: 'HTML 正文，可与纯文本同时使用。',
            },
          },
        },
      },
      required: ['subject'],
      additionalProperties: false,
    },
    results: {
      type: 'object',
      properties: {
        sent: {
          type: 'boolean',
          title: 'Sent',
        },
        messageId: {
          type: 'string',
          title: 'Message id',
        },
        accepted: {
          type: 'array',
          items: {
            type: 'string',
          },
          title: 'Receivers the server took',
        },
        rejected: {
          type: 'array',
          items: {
            type: 'string',
          },
          title: 'Receivers the server refused',
        },
      },
      required: ['sent'],
      additionalProperties: false,
    },
    idempotent: false,
    cancel: false,
    wantsVariables: false,
    hooks: [],
  },
  {
    name: 'file.write',
    version: '1.0.0',
    category: 'file',
    icon: 'file-add',
    order: 10,
    title: {
      en: 'Write a file',
      zh: '写文件',
    },
    description: {
      en: 'Writes text into a file of the work folder.',
      zh: '把文本写入工作目录中的文件。',
    },
    help: {
      en: 'Folders are made; lists and maps are written as JSON. The next task sees the file when the process has `workspace: run`.\n\n```yaml\n- { id: settings, uses: file.write, with: { path: conf/app.json, content: "${{ vars.settings }}" } }\n```',
      zh: '缺少的目录会自动创建；列表和字典写为 JSON。流程设置 `workspace: run` 时，后续任务可看到该文件。\n\n```yaml\n- { id: settings, uses: file.write, with: { path: conf/app.json, content: "${{ vars.settings }}" } }\n```',
    },
    inputs: {
      type: 'object',
      properties: {
        path: {
          type: 'string',
          minLength: 1,
          maxLength: 1000,
          title: 'Path',
          description: 'Relative to the work folder, and inside it.',
          'x-i18n': {
            zh: {
              title: '路径',
              description: '相对于工作目录，且必须位于其中。',
            },
          },
        },
        content: {
          title: 'Content',
          description: 'Text; other values are written as JSON.',
          'x-i18n': {
            zh: {
              title: '内容',
              description: '文本；其他值写为 JSON。',
            },
          },
        },
        append: {
          type: 'boolean',
          default: false,
          title: 'Append',
          description: 'Adds to an existing file instead of replacing it.',
          'x-i18n': {
            zh: {
              title: '追加',
              description: '追加到已有文件而不是替换。',
            },
          },
        },
        mode: {
          type: 'string',
          pattern: '^0?[0-7]{3}$',
          title: 'Mode',
          description: 'Permissions in octal digits, e.g. 755.',
          'x-i18n': {
            zh: {
              title: '权限',
              description: '八进制权限，如 755。',
            },
          },
        },
      },
      required: ['path', 'content'],
      additionalProperties: false,
    },
    results: {
      type: 'object',
      properties: {
        path: {
          type: 'string',
          title: 'Path as given',
        },
        bytes: {
          type: 'integer',
          title: 'Bytes written',
        },
      },
      required: [],
      additionalProperties: false,
    },
    idempotent: false,
    cancel: false,
    wantsVariables: false,
    hooks: [],
  },
  {
    name: 'log',
    version: '1.0.0',
    category: 'basic',
    icon: 'file-text',
    order: 10,
    title: {
      en: 'Log',
      zh: '日志',
    },
    description: {
      en: 'Writes a message into the log of the run.',
      zh: '在运行日志中写入一条消息。',
    },
    help: {
      en: 'Lists and maps are written as JSON.\n\n```yaml\n- { id: report, uses: log, with: { message: "released ${{ params.version }}" } }\n```',
      zh: '列表和字典以 JSON 写入。\n\n```yaml\n- { id: report, uses: log, with: { message: "已发布 ${{ params.version }}" } }\n```',
    },
    inputs: {
      type: 'object',
      properties: {
        message: {
          title: 'Message',
          description: 'What is written; any value.',
          'x-i18n': {
            zh: {
              title: '消息',
              description: '要写入的内容，可为任意值。',
            },
          },
        },
        level: {
          enum: ['debug', 'info', 'warn', 'error'],
          default: 'info',
          title: 'Level',
          description: 'Weight of the line.',
          'x-i18n': {
            zh: {
              title: '级别',
              description: '日志行的级别。',
            },
          },
        },
      },
      required: ['message'],
      additionalProperties: false,
    },
    results: {
      type: 'object',
      properties: {},
      required: [],
      additionalProperties: false,
    },
    idempotent: true,
    cancel: false,
    wantsVariables: false,
    hooks: [],
  },
  {
    name: 'sleep',
    version: '1.0.0',
    category: 'basic',
    icon: 'clock-circle',
    order: 20,
    title: {
      en: 'Sleep',
      zh: '休眠',
    },
    description: {
      en: 'Waits on a worker; a `delay` node waits without one.',
      zh: '在工作节点上等待；`delay` 节点等待时不占用工作节点。',
    },
    help: {
      en: 'Takes a slot of the worker while it waits. To wait in a process use a node of type `delay`.\n\n```yaml\n- { id: rest, uses: sleep, with: { for: 2s } }\n```',
      zh: '等待时占用工作节点的一个槽位。流程中的等待请使用 `delay` 节点。\n\n```yaml\n- { id: rest, uses: sleep, with: { for: 2s } }\n```',
    },
    inputs: {
      type: 'object',
      properties: {
        for: {
          anyOf: [
            {
              type: 'string',
              pattern: '^(\\d+(?:\\.\\d+)?)(ms|s|m|h|d)$',
            },
            {
              type: 'number',
              minimum: 0,
              maximum: 31536000,
            },
          ],
          title: 'Duration',
          description: 'e.g. 500ms, 10s, 5m, 2h, 1d; a number means seconds.',
          'x-i18n': {
            zh: {
              title: '时长',
              description: '如 500ms、10s、5m、2h、1d；数字表示秒。',
            },
          },
        },
      },
      required: ['for'],
      additionalProperties: false,
    },
    results: {
      type: 'object',
      properties: {
        sleptMs: {
          type: 'number',
          title: 'Milliseconds slept',
        },
      },
      required: [],
      additionalProperties: false,
    },
    idempotent: true,
    cancel: false,
    wantsVariables: false,
    hooks: [],
  },
  {
    name: 'fail',
    version: '1.0.0',
    category: 'basic',
    icon: 'close-circle',
    order: 30,
    title: {
      en: 'Fail',
      zh: '失败',
    },
    description: {
      en: 'Fails with a message.',
      zh: '以一条消息使任务失败。',
    },
    help: {
      en: 'For tests of error strategies and for ends that are no success.\n\n```yaml\n- { id: no, uses: fail, with: { message: "not on a Friday" } }\n```',
      zh: '用于验证错误策略，或表示不成功的结束。\n\n```yaml\n- { id: no, uses: fail, with: { message: "周五不发布" } }\n```',
    },
    inputs: {
      type: 'object',
      properties: {
        message: {
          type: 'string',
          default: 'Failed on purpose',
          title: 'Message',
          description: 'Why it fails; shown with the run.',
          'x-i18n': {
            zh: {
              title: '消息',
              description: '失败的原因，会随运行显示。',
            },
          },
        },
        code: {
          type: 'string',
          maxLength: 100,
          title: 'Code',
          description: 'Machine-readable code of the failure.',
          'x-i18n': {
            zh: {
              title: '代码',
              description: '供程序识别的失败代码。',
            },
          },
        },
      },
      required: [],
      additionalProperties: false,
    },
    results: {
      type: 'object',
      properties: {},
      required: [],
      additionalProperties: false,
    },
    idempotent: true,
    cancel: false,
    wantsVariables: false,
    hooks: [],
  },
  {
    name: 'math',
    version: '1.0.0',
    category: 'sample',
    icon: 'calculator',
    order: 10,
    title: {
      en: 'Arithmetic',
      zh: '算术',
    },
    description: {
      en: 'Adds, subtracts or multiplies two numbers.',
      zh: '对两个数做加、减或乘。',
    },
    help: {
      en: 'The result has one key: `add_value`, `subtraction_value` or `multi_value`.\n\n```yaml\n- { id: sum, uses: math, with: { operation: add, a: 20, b: 22 }, set: { total: "${{ result.add_value }}" } }\n```',
      zh: '结果只有一个键：`add_value`、`subtraction_value` 或 `multi_value`。\n\n```yaml\n- { id: sum, uses: math, with: { operation: add, a: 20, b: 22 }, set: { total: "${{ result.add_value }}" } }\n```',
    },
    inputs: {
      type: 'object',
      properties: {
        operation: {
          enum: ['add', 'subtract', 'multiply'],
          title: 'Operation',
          description: 'What is done with a and b.',
          'x-i18n': {
            zh: {
              title: '运算',
              description: '对 a 和 b 做的运算。',
            },
          },
        },
        a: {
          type: 'number',
          title: 'a',
          description: 'The first number.',
          'x-i18n': {
            zh: {
              title: 'a',
              description: '第一个数。',
            },
          },
        },
        b: {
          type: 'number',
          title: 'b',
          description: 'The second number.',
          'x-i18n': {
            zh: {
              title: 'b',
              description: '第二个数。',
            },
          },
        },
      },
      required: ['operation', 'a', 'b'],
      additionalProperties: false,
    },
    results: {
      type: 'object',
      properties: {
        add_value: {
          type: 'number',
        },
        subtraction_value: {
          type: 'number',
        },
        multi_value: {
          type: 'number',
        },
      },
      required: [],
      additionalProperties: false,
    },
    idempotent: true,
    cancel: false,
    wantsVariables: false,
    hooks: [],
  },
];
