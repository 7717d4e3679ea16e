import { SetupProblem } from '../system/problem.mjs';

/** As the case of strings in AssignOpAttr: a list of them. */
const stringLists = `      if (IsArray(env, nstatus, &js_value)) {
        uint32_t count;
        nstatus = napi_get_array_length(env, js_value, &count);
        ENSURE_NAPI_OK(env, nstatus);
        std::vector<std::string> strings(count);
        std::vector<const void *> starts(count);
        std::vector<size_t> sizes(count);
        for (uint32_t i = 0; i < count; ++i) {
          napi_value element;
          nstatus = napi_get_element(env, js_value, i, &element);
          ENSURE_NAPI_OK(env, nstatus);
          nstatus = GetStringParam(env, element, strings[i]);
          ENSURE_NAPI_OK(env, nstatus);
          starts[i] = strings[i].data();
          sizes[i] = strings[i].size();
        }
        TFE_OpSetAttrStringList(tfe_op, attr_name, starts.data(), sizes.data(), static_cast<int>(count));
        break;
      }
`;

/**
 * What set-up adds to the sources of tfjs-node's binding, each behind a line that the source has once:
 *
 * - as attributes of an operation, the binding passes strings, numbers and lists of numbers, but not lists of strings,
 *   by which the fused convolutions name the operations they fuse;
 * - `defineFunction` (../binding/define_function.cc), which needs the context of the operations.
 */
const additions = {
  'tfjs_backend.cc': [['    case TF_ATTR_STRING: {\n', stringLists]],
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
