using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace WebImageText.Learn.Train;

/// <summary>In which numbers the towers compute. Master weights, their moments, the loss and the logit scale are float32 always.</summary>
public enum Precision
{
    /// <summary>bfloat16 towers. Default on CUDA.</summary>
    Bf16,
    /// <summary>float32 everywhere. Default on a CPU.</summary>
    Fp32,
    /// <summary>float16 towers; gradients are scaled up so that small ones survive.</summary>
    Fp16,
}

/// <summary>Makes models compute in a precision.</summary>
internal static class PrecisionTypes
{
    /// <summary>Gives a model's weights the precision's type; batch norms stay float32.</summary>
    /// <returns>The type of the pixels that the model reads from now on.</returns>
    public static ScalarType Prepare(this Precision precision, nn.Module model)
    {
        var type = precision switch
        {
            Precision.Bf16 => ScalarType.BFloat16,
            Precision.Fp16 => ScalarType.Float16,
            _ => ScalarType.Float32,
        };
        if (type == ScalarType.Float32)
            return type;
        model.to(type);
        foreach (var (_, module) in model.named_modules())
            if (module is BatchNorm2d)
                module.to(ScalarType.Float32);
        return type;
    }
}
