/** The npm packages with the native libraries of llama.cpp. */

/**
 * Operating system, processor and graphics processor → the package for them. These names are no imports, so Deno
 * fetches a package only when it is first used.
 */
export const LIBRARY_PACKAGES: Readonly<Record<string, string>> = {
  "linux-x64": "npm:@node-llama-cpp/linux-x64@3.21.1",
  "linux-arm64": "npm:@node-llama-cpp/linux-arm64@3.21.1",
  "linux-x64-cuda": "npm:@node-llama-cpp/linux-x64-cuda@3.21.1",
  "linux-x64-vulkan": "npm:@node-llama-cpp/linux-x64-vulkan@3.21.1",
  "mac-x64": "npm:@node-llama-cpp/mac-x64@3.21.1",
  "mac-arm64-metal": "npm:@node-llama-cpp/mac-arm64-metal@3.21.1",
  "win-x64": "npm:@node-llama-cpp/win-x64@3.21.1",
  "win-arm64": "npm:@node-llama-cpp/win-arm64@3.21.1",
  "win-x64-cuda": "npm:@node-llama-cpp/win-x64-cuda@3.21.1",
  "win-x64-vulkan": "npm:@node-llama-cpp/win-x64-vulkan@3.21.1",
};
