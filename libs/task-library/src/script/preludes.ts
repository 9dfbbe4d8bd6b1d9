/** Gives Node scripts get_variable and set_variable; loaded by `--require`. */
export const NODE_PRELUDE = `'use strict';
const { appendFileSync, readFileSync } = require('node:fs');
const known = JSON.parse(readFileSync(process.env.ORDERLINES_INPUT, 'utf8')).variables;
globalThis.get_variable = (key) => known[key];
globalThis.set_variable = (key, value) => {
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError('set_variable(' + JSON.stringify(key) + '): the value is not JSON');
  appendFileSync(process.env.ORDERLINES_VARIABLES, key + ':=' + text + '\\n');
  known[key] = JSON.parse(text);
};
`;

/** Gives Python scripts get_variable and set_variable, then runs the script named by its first argument. */
export const PYTHON_PRELUDE = `import builtins, json, os, runpy, sys

with open(os.environ["ORDERLINES_INPUT"], encoding="utf-8") as _file:
    _known = json.load(_file)["variables"]


def get_variable(key):
    return _known.get(key)


def set_variable(key, value):
    text = json.dumps(value, allow_nan=False)
    with open(os.environ["ORDERLINES_VARIABLES"], "a", encoding="utf-8") as file:
        file.write(key + ":=" + text + "\\n")
    _known[key] = json.loads(text)


builtins.get_variable = get_variable
builtins.set_variable = set_variable
sys.argv = sys.argv[1:]
sys.path[0] = os.getcwd()
runpy.run_path(sys.argv[0], run_name="__main__")
`;
