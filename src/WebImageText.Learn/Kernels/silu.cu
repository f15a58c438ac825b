// h = v * sigmoid(v) of v = a + bias, over the rows of a matrix.

template <typename T>
__device__ __forceinline__ void silu(const Eight *a, const Eight *bias, long long rows, int vectors, Eight *h)
{
    const int vector = own_vector();
    if (vector >= vectors)
        return;
    float added[8];
    widen<T>(bias[vector], added);
    const Eight *const from[] = {a};
    each_row<4>(from, rows, vectors, vector, [&](long long place, const Eight (&held)[1]) INLINED {
        float value[8];
        widen<T>(held[0], value);
#pragma unroll
        for (int k = 0; k < 8; k++)
        {
            value[k] += added[k];
            value[k] = __fdividef(value[k], 1 + __expf(-value[k]));
        }
        h[place] = narrow<T>(value);
    });
}

// The gradient of a, and its sums over rows. partials: float32 [gridDim.x, columns]
template <typename T>
__device__ __forceinline__ void silu_back(
    const Eight *a, const Eight *bias, const Eight *dh, long long rows, int vectors, Eight *da, float *partials)
{
    const int vector = own_vector();
    float sums[1][8] = {};
    if (vector < vectors)
    {
        float added[8];
        widen<T>(bias[vector], added);
        const Eight *const from[] = {a, dh};
        each_row<2>(from, rows, vectors, vector, [&](long long place, const Eight (&held)[2]) INLINED {
            float value[8], up[8];
            widen<T>(held[0], value);
            widen<T>(held[1], up);
#pragma unroll
            for (int k = 0; k < 8; k++)
            {
                value[k] += added[k];
                const float gate = __fdividef(1, 1 + __expf(-value[k]));
                up[k] *= gate * fmaf(value[k], 1 - gate, 1);
                sums[0][k] += up[k];
            }
            da[place] = narrow<T>(up);
        });
    }
    write_partials(sums, partials, vectors);
}

#define SILU(TYPE, T) \
    extern "C" __global__ void __launch_bounds__(256) silu_##TYPE(const Eight *a, const Eight *bias, long long rows, int vectors, Eight *h) \
    { \
        silu<T>(a, bias, rows, vectors, h); \
    } \
    extern "C" __global__ void __launch_bounds__(256) silu_back_##TYPE( \
        const Eight *a, const Eight *bias, const Eight *dh, long long rows, int vectors, Eight *da, float *partials) \
    { \
        silu_back<T>(a, bias, dh, rows, vectors, da, partials); \
    }

SILU(bf16, BFloat16)
SILU(fp16, Float16)
