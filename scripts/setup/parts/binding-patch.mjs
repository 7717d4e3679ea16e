import { SetupProblem } from '../system/problem.mjs';

/**
 * What set-up adds to the sources of tfjs-node's binding, each behind a line that the source has once: `defineFunction`
 * (../binding/define_function.cc), which needs the context of the operations.
 */
const additions = {
  'tfjs_backend.h': [['  ~TFJSBackend();\n', '\n  TFE_Context *Context() const { return tfe_context_; }\n']],
  'tfjs_binding.cc': [
    ['namespace tfnodejs {\n', '\nnapi_value DefineFunction(napi_env env, napi_callback_info info);\n'],
    [
      '  napi_property_descriptor exports_properties[] = {\n',
      '      {"defineFunction", nullptr, DefineFunction, nullptr, nullptr, nullptr, napi_default, nullptr},\n',
    ],
  ],
};

/** The source of one of the binding's files with what set-up adds to it. */
export function withAdditions(name, source) {
  return (additions[name] ?? []).reduce((text, [line, added]) => {
    const parts = text.split(line);
    if (parts.length !== 2) {
      throw new SetupProblem(
        `the source of the TensorFlow binding, ${name}, is not the expected one`,
        'Its version is pinned: run npm ci and try again.',
      );
    }
    return parts.join(line + added);
  }, source);
}
