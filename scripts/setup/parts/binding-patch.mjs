import { SetupProblem } from '../system/problem.mjs';

/**
 * As attributes of an operation, tfjs-node's binding passes strings, numbers and lists of numbers, but not lists of
 * strings. The fused convolutions need a list of strings to name the operations they fuse. This patch adds it at the
 * place where the binding reads a string.
 */
const before = '    case TF_ATTR_STRING: {\n';

const added = `      if (IsArray(env, nstatus, &js_value)) {
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

/** The source of tfjs_backend.cc with support for lists of strings. */
export function withStringLists(source) {
  const parts = source.split(before);
  if (parts.length !== 2) {
    throw new SetupProblem(
      'the source of the TensorFlow binding is not the expected one',
      'Its version is pinned: run npm ci and try again.',
    );
  }
  return parts.join(before + added);
}
