// What the kernels share: numbers of 2 bytes in memory, eight at a time, and float32 in registers. One source with the files
// beside it, compiled for the device at hand; it includes nothing, so that no header has to be found.

// Behind a lambda's parameters: one that is called would have to keep in memory what stands in registers around it.
#define INLINED __attribute__((always_inline))

struct __align__(16) Eight
{
    unsigned int pair[4];
};

struct BFloat16
{
    static __device__ __forceinline__ float low(unsigned int pair) { return __uint_as_float(pair << 16); }

    static __device__ __forceinline__ float high(unsigned int pair) { return __uint_as_float(pair & 0xffff0000u); }

    // To the nearest, ties to even.
    static __device__ __forceinline__ unsigned int pack(float low, float high)
    {
#if __CUDA_ARCH__ >= 800
        unsigned int pair;
        asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
        return pair;
#else
        return one(low) | one(high) << 16;
#endif
    }

    static __device__ __forceinline__ unsigned int one(float value)
    {
        const unsigned int bits = __float_as_uint(value);
        return value != value ? 0x7fffu : (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16;
    }
};

struct Float16
{
    static __device__ __forceinline__ float low(unsigned int pair)
    {
        float value;
        asm("{ .reg .b16 l, h; mov.b32 {l, h}, %1; cvt.f32.f16 %0, l; }" : "=f"(value) : "r"(pair));
        return value;
    }

    static __device__ __forceinline__ float high(unsigned int pair) { return low(pair >> 16); }

    static __device__ __forceinline__ unsigned int pack(float low, float high)
    {
        unsigned int pair;
        asm("{ .reg .b16 l, h; cvt.rn.f16.f32 l, %1; cvt.rn.f16.f32 h, %2; mov.b32 %0, {l, h}; }" : "=r"(pair) : "f"(low), "f"(high));
        return pair;
    }
};

template <typename T>
__device__ __forceinline__ void widen(const Eight &from, float (&to)[8])
{
#pragma unroll
    for (int k = 0; k < 4; k++)
    {
        to[2 * k] = T::low(from.pair[k]);
        to[2 * k + 1] = T::high(from.pair[k]);
    }
}

template <typename T>
__device__ __forceinline__ Eight narrow(const float (&from)[8])
{
    Eight to;
#pragma unroll
    for (int k = 0; k < 4; k++)
        to.pair[k] = T::pack(from[2 * k], from[2 * k + 1]);
    return to;
}

__device__ __forceinline__ void read(const float *from, int at, float (&to)[8])
{
    const float4 a = reinterpret_cast<const float4 *>(from)[2 * at], b = reinterpret_cast<const float4 *>(from)[2 * at + 1];
    to[0] = a.x, to[1] = a.y, to[2] = a.z, to[3] = a.w, to[4] = b.x, to[5] = b.y, to[6] = b.z, to[7] = b.w;
}

// A matrix of rows x vectors, of eight columns each. A thread keeps to one vector, that of threadIdx.x in the stretch of
// blockIdx.y; threadIdx.y and blockIdx.x share out the rows.
__device__ __forceinline__ int own_vector() { return blockIdx.y * blockDim.x + threadIdx.x; }

// Calls use(place, values) for every row of this thread, with the loads of Deep rows under way at a time.
template <int Deep, int Streams, typename Use>
__device__ __forceinline__ void each_row(const Eight *const (&from)[Streams], long long rows, int vectors, int vector, Use use)
{
    const long long step = static_cast<long long>(gridDim.x) * blockDim.y;
    for (long long row = static_cast<long long>(blockIdx.x) * blockDim.y + threadIdx.y; row < rows; row += Deep * step)
    {
        Eight held[Deep][Streams];
#pragma unroll
        for (int d = 0; d < Deep; d++)
            if (row + d * step < rows)
#pragma unroll
                for (int s = 0; s < Streams; s++)
                    held[d][s] = from[s][(row + d * step) * vectors + vector];
#pragma unroll
        for (int d = 0; d < Deep; d++)
            if (row + d * step < rows)
                use((row + d * step) * vectors + vector, held[d]);
    }
}

// Adds up a block's sums over threadIdx.y. partials: float32 [gridDim.x, Sums, columns]
template <int Sums>
__device__ __forceinline__ void write_partials(const float (&sums)[Sums][8], float *partials, int vectors)
{
    __shared__ float held[256 * 8];
    const int width = blockDim.x * 8, thread = threadIdx.y * blockDim.x + threadIdx.x;
    const long long columns = 8ll * vectors;
#pragma unroll
    for (int s = 0; s < Sums; s++)
    {
#pragma unroll
        for (int k = 0; k < 8; k++)
            held[thread * 8 + k] = sums[s][k];
        __syncthreads();
        for (int c = thread; c < width; c += blockDim.x * blockDim.y)
        {
            float sum = 0;
            for (int y = 0; y < blockDim.y; y++)
                sum += held[y * width + c];
            const long long column = static_cast<long long>(blockIdx.y) * width + c;
            if (column < columns)
                partials[(static_cast<long long>(blockIdx.x) * Sums + s) * columns + column] = sum;
        }
        __syncthreads();
    }
}

// The sum over count partials of one column for each threadIdx.x of a block of 32 x 32, valid where threadIdx.y is 0.
__device__ __forceinline__ double column_sum(const float *from, int count, long long stride, bool is_there)
{
    __shared__ double held[32][33];
    double sum = 0;
    if (is_there)
        for (int at = threadIdx.y; at < count; at += 32)
            sum += from[at * stride];
    held[threadIdx.y][threadIdx.x] = sum;
    __syncthreads();
    sum = 0;
    if (threadIdx.y == 0)
        for (int y = 0; y < 32; y++)
            sum += held[y][threadIdx.x];
    __syncthreads();
    return sum;
}
