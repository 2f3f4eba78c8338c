// Judges one history with Porcupine and prints verdict, CPU time and memory as JSON. For the benchmark only.
//
// usage: porcupine FILE LIMIT_SECONDS, where FILE holds little-endian int32: six numbers an operation (client, key, kind, value, invoked, returned).
package main

import (
	"encoding/binary"
	"encoding/json"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/anishathalye/porcupine"
)

const (
	read = iota
	write
	acquire
	release
)

// Beyond this the machine would swap, and the figures say nothing.
const memoryLimitKiB = 3 << 20

// As in linearizability.ts.
const roundsMs = 1000

type input struct{ client, key, kind, value int32 }

var model = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		keys := map[int32][]porcupine.Operation{}
		for _, operation := range history {
			key := operation.Input.(input).key
			keys[key] = append(keys[key], operation)
		}
		parts := make([][]porcupine.Operation, 0, len(keys))
		for _, part := range keys {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() interface{} { return int32(0) },
	Step: func(state, in, _ interface{}) (bool, interface{}) {
		now, operation := state.(int32), in.(input)
		switch operation.kind {
		case write:
			return true, operation.value
		case acquire:
			return now == 0, operation.client + 1
		case release:
			return now == operation.client+1, int32(0)
		}
		return now == operation.value, now
	},
	Equal: func(a, b interface{}) bool { return a.(int32) == b.(int32) },
	Hash:  func(state interface{}) uint64 { return uint64(uint32(state.(int32))) * 0x9E3779B97F4A7C15 },
}

func usage() (cpuMs float64, peakKiB int64) {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e6, int64(used.Maxrss)
}

func report(result string, firstMs, bestMs float64, takenKiB int64) {
	measured := map[string]any{"result": result, "firstMs": firstMs, "cpuMs": bestMs, "mebibytes": float64(takenKiB) / 1024}
	if err := json.NewEncoder(os.Stdout).Encode(measured); err != nil {
		panic(err)
	}
}

func main() {
	data, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	limit, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	at := func(i int) int32 { return int32(binary.LittleEndian.Uint32(data[4*i:])) }
	history := make([]porcupine.Operation, len(data)/24)
	for i := range history {
		client, key, kind, value, invoked, returned := at(6*i), at(6*i+1), at(6*i+2), at(6*i+3), at(6*i+4), at(6*i+5)
		history[i] = porcupine.Operation{ClientId: int(client), Input: input{client, key, kind, value}, Call: int64(invoked), Return: int64(returned)}
	}
	runtime.GC()
	began, beforeKiB := usage()
	go func() {
		for {
			time.Sleep(20 * time.Millisecond)
			if cpuMs, peakKiB := usage(); peakKiB > memoryLimitKiB {
				report("out of memory", cpuMs-began, cpuMs-began, peakKiB-beforeKiB)
				os.Exit(0)
			}
		}
	}()
	check := func() porcupine.CheckResult {
		return porcupine.CheckOperationsTimeout(model, history, time.Duration(limit)*time.Second)
	}
	result := check()
	now, peakKiB := usage()
	first := now - began
	best := first
	for from := now; from-began < roundsMs; from = now {
		check()
		now, _ = usage()
		best = min(best, now-from)
	}
	report(string(result), first, best, peakKiB-beforeKiB)
}
