/** Models in the formats of other programs: ONNX, and safetensors under PyTorch's names. */
package dev.schuss.export;
