import { SetupProblem } from '../system/problem.mjs';

/**
 * tfjs-node's binding passes strings, numbers and lists of numbers as attributes of an operation, but no lists of
 * strings, which the fused convolutions name their parts by. This adds them where it reads a string.
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

/** The text of tfjs_backend.cc, with lists of strings. */
export function withStringLists(source) {
  const parts = source.split(before);
  if (parts.length !== 2) {
    throw new SetupProblem(
      'the TensorFlow binding’s source is not the one that is known here',
      'Its version is pinned: run npm ci and try again.',
    );
  }
  return parts.join(before + added);
}
