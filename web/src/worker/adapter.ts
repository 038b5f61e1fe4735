// The graphics adapter, if the browser gives one.
import type { AdapterInfo } from '../protocol';

export async function requestAdapter(): Promise<GPUAdapter | null> {
  if (!('gpu' in navigator)) return null;
  return navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
}

export function describeAdapter(adapter: GPUAdapter): AdapterInfo {
  const { vendor, architecture, isFallbackAdapter } = adapter.info;
  return {
    name: [vendor, architecture].filter(Boolean).join(' '),
    isSoftware: isFallbackAdapter || /swiftshader|llvmpipe/i.test(architecture),
  };
}

// onnxruntime's kernels look at limits and features, so the device gets all the adapter has.
export function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const limits = [
    'maxBufferSize',
    'maxStorageBufferBindingSize',
    'maxStorageBuffersPerShaderStage',
    'maxComputeWorkgroupStorageSize',
    'maxComputeInvocationsPerWorkgroup',
    'maxComputeWorkgroupSizeX',
    'maxComputeWorkgroupSizeY',
    'maxComputeWorkgroupSizeZ',
    'maxComputeWorkgroupsPerDimension',
  ] as const;
  const features: GPUFeatureName[] = ['shader-f16', 'subgroups', 'timestamp-query'];
  return adapter.requestDevice({
    requiredLimits: Object.fromEntries(limits.map((name) => [name, adapter.limits[name]])),
    requiredFeatures: features.filter((name) => adapter.features.has(name)),
  });
}
