// Means of squares of four places in channels-last maps. rows: places of the small map, in lines of so many columns.

__device__ __forceinline__ long long corner(long long row, int columns, int vectors, int vector)
{
    const unsigned int line = static_cast<unsigned int>(row) / columns, column = static_cast<unsigned int>(row) % columns;
    return (4ll * line * columns + 2 * column) * vectors + vector;
}

template <typename T>
__device__ __forceinline__ void pool(const Eight *x, long long rows, int vectors, int columns, Eight *y)
{
    const int vector = own_vector();
    if (vector >= vectors)
        return;
    const long long below = 2ll * columns * vectors, step = static_cast<long long>(gridDim.x) * blockDim.y;
    for (long long row = static_cast<long long>(blockIdx.x) * blockDim.y + threadIdx.y; row < rows; row += 2 * step)
    {
        Eight held[2][4];
#pragma unroll
        for (int d = 0; d < 2; d++)
            if (row + d * step < rows)
            {
                const Eight *from = x + corner(row + d * step, columns, vectors, vector);
                held[d][0] = from[0], held[d][1] = from[vectors], held[d][2] = from[below], held[d][3] = from[below + vectors];
            }
#pragma unroll
        for (int d = 0; d < 2; d++)
            if (row + d * step < rows)
            {
                float sum[8] = {};
#pragma unroll
                for (int at = 0; at < 4; at++)
                {
                    float value[8];
                    widen<T>(held[d][at], value);
#pragma unroll
                    for (int k = 0; k < 8; k++)
                        sum[k] += 0.25f * value[k];
                }
                y[(row + d * step) * vectors + vector] = narrow<T>(sum);
            }
    }
}

template <typename T>
__device__ __forceinline__ void pool_back(const Eight *dy, long long rows, int vectors, int columns, Eight *dx)
{
    const int vector = own_vector();
    if (vector >= vectors)
        return;
    const long long below = 2ll * columns * vectors;
    const Eight *const from[] = {dy};
    const long long each = vectors;
    each_row<4>(from, rows, vectors, vector, [&](long long place, const Eight (&held)[1]) INLINED {
        float value[8];
        widen<T>(held[0], value);
#pragma unroll
        for (int k = 0; k < 8; k++)
            value[k] *= 0.25f;
        const Eight quarter = narrow<T>(value);
        Eight *to = dx + corner((place - vector) / each, columns, vectors, vector);
        to[0] = quarter, to[each] = quarter, to[below] = quarter, to[below + each] = quarter;
    });
}

#define POOL(TYPE, T) \
    extern "C" __global__ void __launch_bounds__(256) pool_##TYPE(const Eight *x, long long rows, int vectors, int columns, Eight *y) \
    { \
        pool<T>(x, rows, vectors, columns, y); \
    } \
    extern "C" __global__ void __launch_bounds__(256) pool_back_##TYPE(const Eight *dy, long long rows, int vectors, int columns, Eight *dx) \
    { \
        pool_back<T>(dy, rows, vectors, columns, dx); \
    }

POOL(bf16, BFloat16)
POOL(fp16, Float16)
