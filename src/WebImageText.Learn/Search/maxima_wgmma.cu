// The greatest score of every query in each block of 2,048 references; the scores themselves are never written. Products of
// float16 with sums in float32, by the warpgroup instructions and tensor copies of compute capability 9.0: compiled for sm_90a,
// one source by itself.
//
// A block of threads keeps 128 queries in shared memory and walks through some blocks of references, 256 rows at a time. One
// thread orders copies of slabs of 64 numbers (128 bytes a row, in the 128-byte swizzle) into a ring; two warpgroups, of 64 queries
// each, multiply what has arrived. Either may be ahead by as much as the ring holds: while one takes maxima, the other multiplies.
// Where SHARES is 2, two blocks with different queries share the references: each copies one half to both.

constexpr int Shares = SHARES;
constexpr int Queries = 128, Columns = 256, BlockRows = 2048, Tiles = BlockRows / Columns, Depth = 64, MostStages = 6, Workers = 8;
constexpr unsigned int Line = 128, QuerySlab = Queries * Line, Stage = Columns * Line;

typedef unsigned long long Barrier;

struct __align__(64) TensorMap
{
    unsigned long long words[16];
};

__device__ __forceinline__ unsigned int shared(const void *at) { return static_cast<unsigned int>(__cvta_generic_to_shared(at)); }

__device__ __forceinline__ void start(unsigned int barrier, int arrivals)
{
    asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(barrier), "r"(arrivals) : "memory");
}

// Arrives, and has the barrier wait for so many bytes more.
__device__ __forceinline__ void expect(unsigned int barrier, unsigned int bytes)
{
    asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(barrier), "r"(bytes) : "memory");
}

__device__ __forceinline__ void arrive(unsigned int barrier)
{
    asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(barrier) : "memory");
}

// At the barrier that lies there in another block of the cluster.
__device__ __forceinline__ void arrive_at(unsigned int barrier, unsigned int rank)
{
    asm volatile("{\n"
                 ".reg .b32 there;\n"
                 "mapa.shared::cluster.u32 there, %0, %1;\n"
                 "mbarrier.arrive.shared::cluster.b64 _, [there];\n"
                 "}" ::"r"(barrier), "r"(rank) : "memory");
}

__device__ __forceinline__ void wait(unsigned int barrier, unsigned int phase)
{
    asm volatile("{\n"
                 ".reg .pred p;\n"
                 "again:\n"
                 "mbarrier.try_wait.parity.shared::cta.b64 p, [%0], %1;\n"
                 "@p bra over;\n"
                 "bra again;\n"
                 "over:\n"
                 "}" ::"r"(barrier), "r"(phase) : "memory");
}

__device__ __forceinline__ void copy(unsigned int to, const TensorMap &map, int column, int row, unsigned int barrier)
{
    asm volatile("cp.async.bulk.tensor.2d.shared::cluster.global.tile.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4}], [%2];" ::"r"(to),
                 "l"(&map), "r"(barrier), "r"(column), "r"(row) : "memory");
}

// To the same place of every block in the mask, each told by its own barrier.
__device__ __forceinline__ void copy_to(
    unsigned short mask, unsigned int to, const TensorMap &map, int column, int row, unsigned int barrier)
{
    asm volatile("cp.async.bulk.tensor.2d.shared::cluster.global.tile.mbarrier::complete_tx::bytes.multicast::cluster"
                 " [%0], [%1, {%3, %4}], [%2], %5;" ::"r"(to),
                 "l"(&map), "r"(barrier), "r"(column), "r"(row), "h"(mask) : "memory");
}

// What the tensor cores read: rows of 128 bytes in the 128-byte swizzle, groups of eight 1,024 bytes apart. 16 numbers further
// along the rows are 2 more.
__device__ __forceinline__ unsigned long long matrix(unsigned int at)
{
    return (at & 0x3ffffu) >> 4 | 1ull << 16 | 64ull << 32 | 1ull << 62;
}

#define EIGHT(n) "+f"(sum[n]), "+f"(sum[n + 1]), "+f"(sum[n + 2]), "+f"(sum[n + 3]), "+f"(sum[n + 4]), "+f"(sum[n + 5]), "+f"(sum[n + 6]), "+f"(sum[n + 7])
#define SIXTY_FOUR(n) EIGHT(n), EIGHT(n + 8), EIGHT(n + 16), EIGHT(n + 24), EIGHT(n + 32), EIGHT(n + 40), EIGHT(n + 48), EIGHT(n + 56)

// 64 queries x 256 references x 16 numbers; with adds 0 what was summed before is forgotten.
__device__ __forceinline__ void multiply(float (&sum)[128], unsigned long long a, unsigned long long b, int adds)
{
    asm volatile(
        "{\n"
        ".reg .pred p;\n"
        "setp.ne.b32 p, %130, 0;\n"
        "wgmma.mma_async.sync.aligned.m64n256k16.f32.f16.f16 "
        "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15,"
        " %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31,"
        " %32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47,"
        " %48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63,"
        " %64, %65, %66, %67, %68, %69, %70, %71, %72, %73, %74, %75, %76, %77, %78, %79,"
        " %80, %81, %82, %83, %84, %85, %86, %87, %88, %89, %90, %91, %92, %93, %94, %95,"
        " %96, %97, %98, %99, %100, %101, %102, %103, %104, %105, %106, %107, %108, %109, %110, %111,"
        " %112, %113, %114, %115, %116, %117, %118, %119, %120, %121, %122, %123, %124, %125, %126, %127},"
        " %128, %129, p, 1, 1, 0, 0;\n"
        "}"
        : SIXTY_FOUR(0), SIXTY_FOUR(64)
        : "l"(a), "l"(b), "r"(adds));
}

// The same for a slab, once it has arrived.
__device__ __forceinline__ void multiply_slab(
    float (&sum)[128], unsigned int arrived, unsigned int phase, unsigned long long a, unsigned long long b, int adds)
{
    wait(arrived, phase);
    asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
#pragma unroll
    for (int k = 0; k < Depth / 16; k++)
        multiply(sum, a + 2 * k, b + 2 * k, adds | k);
    asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
}

// Keeps the compiler from moving reads and writes of the sums past here.
__device__ __forceinline__ void settle(float (&sum)[128])
{
#pragma unroll
    for (int i = 0; i < 128; i++)
        asm volatile("" : "+f"(sum[i])::"memory");
}

template <int Left>
__device__ __forceinline__ void finish()
{
    asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(Left) : "memory");
}

// A warp has read a stage: its owner, and the others that copy to it, may overwrite it.
__device__ __forceinline__ void release(unsigned int used, int lane)
{
    if (Shares > 1)
    {
        if (lane < Shares)
            arrive_at(used, lane);
    }
    else if (lane == 0)
        arrive(used);
}

// queries: float16 [rows, 64 x slabs], in boxes of 128 rows; references: float16 [2,048 x blocks, 64 x slabs], in boxes of 256 rows over
// SHARES; best: float32 [rows, blocks]. The grid: tiles of 128 queries, a multiple of SHARES, within parts of so many blocks of
// references, so that neighbours share references.
extern "C" __global__ void __launch_bounds__(32 * (Workers + 1), 1)
#if SHARES > 1
__cluster_dims__(SHARES, 1, 1)
#endif
maxima_wgmma(const __grid_constant__ TensorMap queries, const __grid_constant__ TensorMap references, long long rows, int blocks, int blocks_each,
             int tiles, int slabs, int stages, float *best)
{
    extern __shared__ unsigned char memory[];
    __shared__ __align__(8) Barrier arrived[MostStages], used[MostStages], begun;
    const int lane = threadIdx.x & 31, warp = threadIdx.x >> 5;
    const int part = blockIdx.x / tiles, first = part * blocks_each, rest = blocks - first;
    const int count = rest < blocks_each ? rest : blocks_each;
    const int first_query = static_cast<int>(blockIdx.x % tiles) * Queries;
    const unsigned int kept = (shared(memory) + 1023u) & ~1023u, ring = kept + slabs * QuerySlab;
    unsigned int rank = 0;
    if (Shares > 1)
        asm volatile("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));

    if (threadIdx.x == 0)
    {
        for (int stage = 0; stage < stages; stage++)
        {
            start(shared(&arrived[stage]), 1);
            start(shared(&used[stage]), Workers * Shares);
        }
        start(shared(&begun), 1);
        asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
        asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
    }
    __syncthreads();
    if (Shares > 1)
        asm volatile("barrier.cluster.arrive;\nbarrier.cluster.wait;" ::: "memory");

    int stage = 0;
    unsigned int phase = 0;
    if (warp == Workers)
    {
        if (lane == 0)
        {
            expect(shared(&begun), slabs * QuerySlab);
            for (int slab = 0; slab < slabs; slab++)
                copy(kept + slab * QuerySlab, queries, slab * Depth, first_query, shared(&begun));
            for (int tile = 0; tile < count * Tiles; tile++)
                for (int slab = 0; slab < slabs; slab++)
                {
                    wait(shared(&used[stage]), phase ^ 1);
                    const unsigned int barrier = shared(&arrived[stage]), to = ring + stage * Stage;
                    const int row = first * BlockRows + tile * Columns;
                    expect(barrier, Stage);
                    if (Shares > 1)
                        copy_to((1 << Shares) - 1, to + rank * (Stage / Shares), references, slab * Depth, row + rank * (Columns / Shares), barrier);
                    else
                        copy(to, references, slab * Depth, row, barrier);
                    if (++stage == stages)
                        stage = 0, phase ^= 1;
                }
        }
    }
    else
    {
        const unsigned long long asked = matrix(kept + (warp >> 2) * 64 * Line);
        const float least = __int_as_float(0xff800000);
        wait(shared(&begun), 0);
        for (int block = first; block < first + count; block++)
        {
            float most[2][4]; // of rows lane / 4 and 8 below, in four strands that do not wait for each other
#pragma unroll
            for (int k = 0; k < 4; k++)
                most[0][k] = most[1][k] = least;
            for (int tile = 0; tile < Tiles; tile++)
            {
                float sum[128];
                multiply_slab(sum, shared(&arrived[stage]), phase, asked, matrix(ring + stage * Stage), 0);
                int last = stage;
                for (int slab = 1; slab < slabs; slab++)
                {
                    if (++stage == stages)
                        stage = 0, phase ^= 1;
                    multiply_slab(sum, shared(&arrived[stage]), phase, asked + (slab * QuerySlab >> 4), matrix(ring + stage * Stage), 1);
                    finish<1>(); // the slab before
                    release(shared(&used[last]), lane);
                    last = stage;
                }
                if (++stage == stages)
                    stage = 0, phase ^= 1;
                finish<0>();
                settle(sum);
                release(shared(&used[last]), lane);
#pragma unroll
                for (int i = 0; i < 128; i++)
                    most[i >> 1 & 1][i >> 2 & 3] = fmaxf(most[i >> 1 & 1][i >> 2 & 3], sum[i]);
            }
#pragma unroll
            for (int k = 0; k < 2; k++)
            {
                float value = fmaxf(fmaxf(most[k][0], most[k][1]), fmaxf(most[k][2], most[k][3]));
                value = fmaxf(value, __shfl_xor_sync(0xffffffffu, value, 1));
                value = fmaxf(value, __shfl_xor_sync(0xffffffffu, value, 2));
                const long long query = first_query + 16 * warp + 8 * k + (lane >> 2);
                if ((lane & 3) == 0 && query < rows)
                    best[query * blocks + block] = value;
            }
        }
    }
    // A block's barriers and memory must be there until the others have told them all.
    if (Shares > 1)
    {
        __syncwarp();
        asm volatile("barrier.cluster.arrive;\nbarrier.cluster.wait;" ::: "memory");
    }
}
